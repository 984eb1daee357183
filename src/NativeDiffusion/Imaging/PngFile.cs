using System.Buffers.Binary;
using System.Text;

namespace NativeDiffusion.Imaging;

/// <summary>A PNG split into chunks: signature, lengths, checksums and order are verified.</summary>
internal sealed class PngFile
{
    private const int Overhead = 12; // length, type and check sum around the data
    private const int MostChunks = 1 << 17;

    private readonly List<PngChunk> _chunks = [];
    private bool _hasPalette;
    private bool _hasTransparency;
    private bool _hasPixels;

    /// <summary>Splits a file.</summary>
    /// <exception cref="ImageFormatException">It is not a PNG, is truncated or damaged.</exception>
    public PngFile(ReadOnlyMemory<byte> file, string name)
    {
        Name = name;
        if (!file.Span.StartsWith(PngWriter.Signature)) throw Error("is not a PNG file: it does not begin with the PNG signature");
        int position = PngWriter.Signature.Length;
        while (_chunks.Count == 0 || _chunks[^1].Type != "IEND")
        {
            PngChunk chunk = Cut(file, ref position);
            Check(chunk);
            _chunks.Add(chunk);
        }

        if (!_hasPixels) throw Error("has no pixel data: there is no IDAT chunk");
    }

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>All chunks in order, IHDR first, IEND last.</summary>
    public IReadOnlyList<PngChunk> Chunks => _chunks;

    /// <summary>Reads a file of limited size.</summary>
    public static byte[] Load(string path, PngLimits limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long length = new FileInfo(path).Length;
        if (length > limits.FileBytes) throw new ImageFormatException($"the file has {length} bytes; the limit is {limits.FileBytes}", path);
        return File.ReadAllBytes(path);
    }

    /// <summary>An exception that names the file.</summary>
    public ImageFormatException Error(string message, Exception? inner = null) => new(message, Name, inner);

    /// <summary>The only chunk of a type, or null.</summary>
    public PngChunk? Find(string type)
    {
        foreach (PngChunk chunk in Chunks)
        {
            if (chunk.Type == type) return chunk;
        }

        return null;
    }

    private PngChunk Cut(ReadOnlyMemory<byte> file, ref int position)
    {
        ReadOnlySpan<byte> rest = file.Span[position..];
        if (rest.Length < Overhead) throw Error($"ends at byte {file.Length} in the middle of the chunk list: there is no IEND chunk");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        foreach (byte letter in rest.Slice(4, 4))
        {
            if (!char.IsAsciiLetter((char)letter)) throw Error($"has a chunk at byte {position} whose type is not four letters");
        }

        string type = Encoding.Latin1.GetString(rest.Slice(4, 4));
        if (length > rest.Length - Overhead)
            throw Error($"has a {type} chunk at byte {position} that claims {length} bytes, but only {rest.Length - Overhead} are left");
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        uint computed = Crc32.Append(0, rest.Slice(4, 4 + (int)length));
        if (stored != computed) throw Error($"is damaged: the {type} chunk at byte {position} has check sum {computed:X8}, but {stored:X8} is stored");
        var chunk = new PngChunk(type, file.Slice(position + 8, (int)length));
        position += Overhead + (int)length;
        return chunk;
    }

    private void Check(PngChunk chunk)
    {
        bool first = _chunks.Count == 0;
        if (first != (chunk.Type == "IHDR")) throw Error(first ? $"begins with a {chunk.Type} chunk instead of IHDR" : "has two IHDR chunks");
        if (_chunks.Count == MostChunks) throw Error($"has more than {MostChunks} chunks");
        switch (chunk.Type)
        {
            case "PLTE":
                BeforePixels(chunk, ref _hasPalette);
                break;
            case "tRNS":
                BeforePixels(chunk, ref _hasTransparency);
                break;
            case "IDAT":
                if (_hasPixels && _chunks[^1].Type != "IDAT") throw Error("has pixel data (IDAT) in two separate places");
                _hasPixels = true;
                break;
            default:
                if (chunk.IsCritical && chunk.Type is not ("IHDR" or "IEND")) throw Error(
                    $"has a critical chunk {chunk.Type}, which is not in the PNG specification");
                break;
        }
    }

    private void BeforePixels(PngChunk chunk, ref bool seen)
    {
        if (seen) throw Error($"has two {chunk.Type} chunks");
        if (_hasPixels) throw Error($"has its {chunk.Type} chunk after the pixel data");
        seen = true;
    }
}

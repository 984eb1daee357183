using System.IO.Compression;
using System.Text;

namespace NativeDiffusion.Imaging;

/// <summary>Reads text chunks: tEXt and zTXt are Latin-1, iTXt is UTF-8; compressed texts are decompressed up to a limit.</summary>
internal static class PngTexts
{
    /// <summary>All texts, in the file's order.</summary>
    public static IReadOnlyList<PngText> Read(PngFile png, PngLimits limits)
    {
        var texts = new List<PngText>();
        long total = 0;
        foreach (PngChunk chunk in png.Chunks)
        {
            if (chunk.Type is not ("tEXt" or "zTXt" or "iTXt")) continue;
            (string keyword, byte[] data, Encoding encoding) = Split(png, chunk, limits);
            if (data.Length > limits.TextBytes) throw png.Error($"has a text '{keyword}' of more than {limits.TextBytes} bytes");
            total += data.Length;
            if (total > limits.AllTextBytes) throw png.Error($"has more than {limits.AllTextBytes} bytes of text");
            texts.Add(new PngText(keyword, encoding.GetString(data)));
        }

        return texts;
    }

    private static (string Keyword, byte[] Data, Encoding Encoding) Split(PngFile png, PngChunk chunk, PngLimits limits)
    {
        ReadOnlyMemory<byte> rest = chunk.Data;
        string keyword = Encoding.Latin1.GetString(UpToZero(png, chunk, ref rest).Span);
        if (keyword.Length is 0 or > 79) throw png.Error($"has a {chunk.Type} chunk with a keyword of {keyword.Length} characters; 1 to 79 are allowed");
        if (chunk.Type == "tEXt") return (keyword, rest.ToArray(), Encoding.Latin1);

        bool packed = chunk.Type == "zTXt";
        if (chunk.Type == "iTXt")
        {
            if (rest.Length < 2) throw png.Error($"has an iTXt chunk '{keyword}' that is cut short");
            packed = rest.Span[0] != 0;
            rest = rest[1..];
        }

        if (rest.IsEmpty) throw png.Error($"has a {chunk.Type} chunk '{keyword}' that is cut short");
        if (packed && rest.Span[0] != 0) throw png.Error($"has a text '{keyword}' packed by method {rest.Span[0]}; PNG knows only 0");
        rest = rest[1..];
        if (chunk.Type == "iTXt")
        {
            UpToZero(png, chunk, ref rest); // language
            UpToZero(png, chunk, ref rest); // translated keyword
        }

        return (keyword, packed ? Unpack(png, keyword, rest, limits) : rest.ToArray(), chunk.Type == "iTXt" ? Encoding.UTF8 : Encoding.Latin1);
    }

    private static ReadOnlyMemory<byte> UpToZero(PngFile png, PngChunk chunk, ref ReadOnlyMemory<byte> rest)
    {
        int zero = rest.Span.IndexOf((byte)0);
        if (zero < 0) throw png.Error($"has a {chunk.Type} chunk without the zero that ends its keyword");
        ReadOnlyMemory<byte> part = rest[..zero];
        rest = rest[(zero + 1)..];
        return part;
    }

    private static byte[] Unpack(PngFile png, string keyword, ReadOnlyMemory<byte> packed, PngLimits limits)
    {
        using var stream = new ZLibStream(new ChunkStream([packed]), CompressionMode.Decompress);
        using var text = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, read);
                if (text.Length > limits.TextBytes) throw png.Error($"has a text '{keyword}' of more than {limits.TextBytes} bytes");
            }
        }
        catch (InvalidDataException e)
        {
            throw png.Error($"is damaged: its text '{keyword}' cannot be unpacked", e);
        }

        return text.ToArray();
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeDiffusion.Tensors;
using Tensor = NativeDiffusion.Tensors.Tensor;

namespace NativeDiffusion.Weights;

/// <summary>Collects tensors and writes them as one safetensors file. Numbers are requested one tensor at a time, while the file is written.</summary>
public sealed class SafetensorsWriter
{
    private readonly List<(string Name, DType DType, TensorShape Shape, Action<Stream> Write)> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Strings for the header's <c>__metadata__</c>.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds a tensor whose numbers are float32.</summary>
    /// <param name="name">Its name, not used before.</param>
    /// <param name="dtype">The stored type: Float64, Float32, Float16 or BFloat16 (rounded to nearest even).</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="fill">Writes the numbers, row-major, into the span given.</param>
    /// <exception cref="ArgumentException">The name is already used, or the type cannot store float32 numbers.</exception>
    public void Add(string name, DType dtype, TensorShape shape, Action<Span<float>> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        if (dtype > DType.BFloat16)
            throw new ArgumentException($"Numbers are stored as F64, F32, F16 or BF16, not as {dtype.Name()}.", nameof(dtype));
        Add(name, dtype, shape, stream => WriteNumbers(stream, dtype, checked((int)shape.Count), fill));
    }

    /// <summary>Adds a tensor whose numbers are float32.</summary>
    /// <param name="name">Its name, not used before.</param>
    /// <param name="dtype">The stored type: Float64, Float32, Float16 or BFloat16 (rounded to nearest even).</param>
    /// <param name="tensor">The numbers; not copied until written.</param>
    /// <exception cref="ArgumentException">The name is already used, or the type cannot store float32 numbers.</exception>
    public void Add(string name, DType dtype, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(name, dtype, tensor.Shape, span => tensor.Span.CopyTo(span));
    }

    /// <summary>Adds a tensor of any type by its bytes.</summary>
    /// <param name="name">Its name, not used before.</param>
    /// <param name="dtype">The stored type.</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="bytes">Little-endian elements, row-major; not copied until written.</param>
    /// <exception cref="ArgumentException">The name is already used, or the number of bytes does not match the shape.</exception>
    public void AddBytes(string name, DType dtype, TensorShape shape, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != shape.Count * dtype.Size())
            throw new ArgumentException(
                $"{dtype.Name()} of shape {shape} takes {shape.Count * dtype.Size()} bytes, but {bytes.Length} were given.", nameof(bytes));
        Add(name, dtype, shape, stream => stream.Write(bytes.Span));
    }

    /// <summary>Writes the file atomically: under a temporary name beside it, then renamed.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)) Write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the file's bytes.</summary>
    /// <param name="stream">The target.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);

        // Widest elements first keeps every tensor aligned to its element; LINQ's sort is stable.
        var ordered = _tensors.OrderByDescending(tensor => tensor.DType.Size()).ToList();
        byte[] header = Header(ordered);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((string _, DType _, TensorShape _, Action<Stream> write) in ordered) write(stream);
    }

    private void Add(string name, DType dtype, TensorShape shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "__metadata__" || !_names.Add(name)) throw new ArgumentException($"The name '{name}' is already used.", nameof(name));
        _tensors.Add((name, dtype, shape, write));
    }

    private byte[] Header(List<(string Name, DType DType, TensorShape Shape, Action<Stream> Write)> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (Metadata.Count > 0)
        {
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in Metadata) json.WriteString(key, value);
            json.WriteEndObject();
        }

        long offset = 0;
        foreach ((string name, DType dtype, TensorShape shape, _) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", dtype.Name());
            json.WriteStartArray("shape");
            foreach (int extent in shape.Dimensions) json.WriteNumberValue(extent);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += shape.Count * dtype.Size());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();

        // Blanks up to a multiple of 8 keep the data aligned.
        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteNumbers(Stream stream, DType dtype, int count, Action<Span<float>> fill)
    {
        float[] numbers = new float[count];
        fill(numbers);
        switch (dtype)
        {
            case DType.Float32:
                stream.Write(MemoryMarshal.AsBytes<float>(numbers));
                break;
            case DType.Float64:
                double[] wide = new double[count];
                TensorPrimitives.ConvertTruncating<float, double>(numbers, wide);
                stream.Write(MemoryMarshal.AsBytes<double>(wide));
                break;
            case DType.Float16:
                var half = new Half[count];
                TensorPrimitives.ConvertToHalf(numbers, half);
                stream.Write(MemoryMarshal.AsBytes<Half>(half));
                break;
            default:
                ushort[] upper = new ushort[count];
                for (int i = 0; i < count; i++) upper[i] = ToBFloat16(numbers[i]);
                stream.Write(MemoryMarshal.AsBytes<ushort>(upper));
                break;
        }
    }

    private static ushort ToBFloat16(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        if (float.IsNaN(number)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

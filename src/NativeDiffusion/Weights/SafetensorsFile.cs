using System.Buffers.Binary;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// A safetensors file. Opening reads and checks its header only; a tensor's bytes are mapped while they are read and unmapped right after.
/// Reading is thread-safe.
/// </summary>
public sealed class SafetensorsFile : IWeightFile
{
    private readonly MappedFile _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header, long dataOffset)
    {
        _file = file;
        _header = header;
        DataOffset = dataOffset;
        Names = [.. header.Tensors.Values.OrderBy(tensor => tensor.Offset).Select(tensor => tensor.Name)];
    }

    /// <inheritdoc/>
    public string Description => _file.Path;

    /// <summary>The names of all tensors, in the order of their data in the file.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The start of the data in the file, in bytes: 8 + the header's length.</summary>
    public long DataOffset { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file does not exist, cannot be read or is not valid.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            if (file.Length < 8)
                throw new CheckpointException($"{path}: a safetensors file begins with an 8-byte header length, but the file has {file.Length} bytes.", path);
            int length;
            using (MappedView start = file.View(0, 8))
                length = SafetensorsHeader.CheckLength(path, BinaryPrimitives.ReadUInt64LittleEndian(start.Span), file.Length);
            using MappedView json = file.View(8, length);
            return new SafetensorsFile(file, SafetensorsHeader.Parse(path, json.Span, file.Length), 8 + length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        bool found = _header.Tensors.TryGetValue(name, out StoredTensor? tensor);
        (shape, dtype) = found ? (tensor!.Shape, tensor.DType) : (default, default);
        return found;
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        StoredTensor tensor = Find(name, destination.Length);
        DenseNumbers.Read(_file, tensor.Offset, tensor.DType, destination, StoredNumbers.ToSingle);
    }

    /// <inheritdoc/>
    public void ReadBytes(string name, TensorShape shape, DType dtype, Span<byte> destination)
    {
        StoredTensor tensor = Find(name, destination.Length / dtype.Size());
        if (tensor.DType == dtype) DenseNumbers.Read(_file, tensor.Offset, DType.UInt8, destination, (stored, _, bytes) => stored.CopyTo(bytes));
        else StoredNumbers.FromSource(this, name, shape, dtype, destination);
    }

    /// <summary>Reads a tensor, converted to float64.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="destination">Exactly the tensor's element count, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist or cannot be read.</exception>
    public void ReadFloat64(string name, Span<double> destination)
    {
        StoredTensor tensor = Find(name, destination.Length);
        DenseNumbers.Read(_file, tensor.Offset, tensor.DType, destination, StoredNumbers.ToDouble);
    }

    /// <summary>Reads a tensor of integers or booleans.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="destination">Exactly the tensor's element count, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist, cannot be read or holds floating-point numbers.</exception>
    public void ReadInt64(string name, Span<long> destination)
    {
        StoredTensor tensor = Find(name, destination.Length);
        if (!tensor.DType.IsInteger())
            throw new CheckpointException($"{Description}: tensor '{name}' must hold whole numbers, but is {tensor.DType.Name()}.", Description, name);
        DenseNumbers.Read(_file, tensor.Offset, tensor.DType, destination, StoredNumbers.ToInt64);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private StoredTensor Find(string name, int length)
    {
        if (!_header.Tensors.TryGetValue(name, out StoredTensor? tensor))
            throw new CheckpointException($"{Description}: tensor '{name}' does not exist.", Description, name);
        if (tensor.Shape.Count != length)
            throw new CheckpointException(
                $"{Description}: tensor '{name}' of shape {tensor.Shape} holds {tensor.Shape.Count} numbers, but {length} were requested.", Description, name);
        return tensor;
    }
}

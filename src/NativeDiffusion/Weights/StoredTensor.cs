using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>The location of a dense tensor in a file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Offset">Its first byte, from the start of the file.</param>
internal sealed record StoredTensor(string Name, DType DType, TensorShape Shape, long Offset)
{
    /// <summary>The length in bytes.</summary>
    public long ByteCount => Shape.Count * DType.Size();
}

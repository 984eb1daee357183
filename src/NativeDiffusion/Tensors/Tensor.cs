namespace NativeDiffusion.Tensors;

/// <summary>
/// Float32 numbers in host memory, dense and row-major: the engine's inputs and outputs
/// (latents [N, C, H, W], prompt states [N, S, D], pictures [N, 3, H, W]).
/// </summary>
public sealed class Tensor
{
    /// <summary>Creates a tensor over existing numbers; the array is not copied.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="data">Exactly <see cref="TensorShape.Count"/> numbers, row-major.</param>
    /// <exception cref="ArgumentException">The array's length is not the shape's count.</exception>
    public Tensor(TensorShape shape, float[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.LongLength != shape.Count)
            throw new ArgumentException($"A tensor of shape {shape} holds {shape.Count} numbers, but {data.LongLength} were given.", nameof(data));
        Shape = shape;
        Data = data;
    }

    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">The extents.</param>
    public Tensor(TensorShape shape)
        : this(shape, new float[shape.Count])
    {
    }

    /// <summary>The extents.</summary>
    public TensorShape Shape { get; }

    /// <summary>The numbers, row-major, not copied.</summary>
    public float[] Data { get; }

    /// <summary>The numbers as a span, row-major.</summary>
    public Span<float> Span => Data;
}

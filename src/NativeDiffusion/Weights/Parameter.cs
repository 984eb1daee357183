using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// One weight of a model: its location and its shape. The numbers stay in the source until a device needs them. Two are equal if they name the same
/// tensor of the same source object, under the same shape.
/// </summary>
public sealed class Parameter : IEquatable<Parameter>
{
    internal Parameter(IWeightSource source, string name, TensorShape shape)
    {
        Source = source;
        Name = name;
        Shape = shape;
    }

    /// <summary>The set of tensors it is read from.</summary>
    public IWeightSource Source { get; }

    /// <summary>The full name in the source.</summary>
    public string Name { get; }

    /// <summary>The shape that the model expects, checked when the model was built.</summary>
    public TensorShape Shape { get; }

    /// <inheritdoc/>
    public bool Equals(Parameter? other) => other is not null && ReferenceEquals(Source, other.Source) && Name == other.Name && Shape == other.Shape;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Parameter);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Source), Name.GetHashCode(StringComparison.Ordinal), Shape);

    /// <summary>Reads the numbers.</summary>
    /// <returns>Float32, row-major, PyTorch layout.</returns>
    /// <exception cref="CheckpointException">The tensor cannot be read, or holds NaN or infinity.</exception>
    public float[] Read()
    {
        float[] data = new float[Shape.Count];
        Read(data);
        return data;
    }

    /// <summary>Reads the numbers into the caller's memory.</summary>
    /// <param name="destination">Exactly the shape's count of numbers; float32, row-major, PyTorch layout.</param>
    /// <exception cref="CheckpointException">The tensor cannot be read, or holds NaN or infinity.</exception>
    public void Read(Span<float> destination)
    {
        Source.Read(Name, Shape, destination);
        NonFiniteScan.Require(Source.Description, Name, destination);
    }

    /// <summary>Reads the numbers as bytes of a type: those of the file where it stores this type, else converted.</summary>
    /// <param name="dtype">Float32, Float16 or BFloat16.</param>
    /// <param name="destination">Exactly the shape's count of elements of that type, little-endian, row-major, PyTorch layout.</param>
    /// <exception cref="CheckpointException">The tensor cannot be read, or holds NaN or infinity, or a number beyond the type's range.</exception>
    public void ReadBytes(DType dtype, Span<byte> destination)
    {
        Source.ReadBytes(Name, Shape, dtype, destination);
        NonFiniteScan.Require(Source.Description, Name, destination, dtype);
    }
}

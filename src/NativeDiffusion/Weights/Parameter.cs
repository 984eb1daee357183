using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>One weight of a model: where it is and what shape it has. The numbers stay in the source until a device asks for them.</summary>
public sealed class Parameter
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

    /// <summary>Reads the numbers.</summary>
    /// <returns>Float32, row-major, PyTorch layout.</returns>
    /// <exception cref="CheckpointException">The tensor cannot be read, or holds NaN or infinity.</exception>
    public float[] Read()
    {
        float[] data = new float[Shape.Count];
        Read(data);
        return data;
    }

    /// <summary>Reads the numbers into memory of the caller's.</summary>
    /// <param name="destination">Exactly the shape's count of numbers; float32, row-major, PyTorch layout.</param>
    /// <exception cref="CheckpointException">The tensor cannot be read, or holds NaN or infinity.</exception>
    public void Read(Span<float> destination)
    {
        if (Source is IWeightGenerator generator) generator.Generate(Name, Shape, destination);
        else Source.Read(Name, destination);
        NonFiniteScan.Require(Source.Description, Name, destination);
    }
}

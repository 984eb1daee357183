using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>A source that makes any tensor it is asked for, in whatever shape the model needs: recipes, random weights for measuring, inventories.</summary>
public interface IWeightGenerator : IWeightSource
{
    /// <summary>Makes a tensor.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">The shape that the model needs, PyTorch layout.</param>
    /// <param name="destination">Exactly the shape's element count, row-major.</param>
    void Generate(string name, TensorShape shape, Span<float> destination);
}

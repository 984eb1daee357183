using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>A whole model's weights by the goldens' recipe: any tensor is generated from its prefixed name.</summary>
/// <param name="prefix">The prefix of each parameter's name: <c>small.</c>.</param>
public sealed class RecipeWeights(string prefix) : IWeightSource
{
    /// <inheritdoc/>
    public string Description => $"recipe '{prefix}'";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => [];

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        shape = default;
        dtype = DType.Float32;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFind(string name, TensorShape needed, out TensorShape found)
    {
        found = needed;
        return true;
    }

    /// <inheritdoc/>
    public void Read(string name, TensorShape shape, Span<float> destination) => RecipeTensors.Weight(prefix + name, shape, destination);
}

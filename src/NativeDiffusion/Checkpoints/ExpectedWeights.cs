using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>The inventory of a model: what it asks for when it is built, taken down by name and shape.</summary>
internal sealed class ExpectedWeights : IWeightInventory
{
    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>The shapes by name.</summary>
    public IReadOnlyDictionary<string, TensorShape> Shapes => _shapes;

    /// <inheritdoc/>
    public string Description => "the model";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _shapes.Keys;

    /// <summary>What a UNet needs.</summary>
    public static ExpectedWeights Of(UNet2DConditionConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new UNet2DConditionModel(config, new WeightScope(expected));
        return expected;
    }

    /// <summary>What a VAE needs.</summary>
    public static ExpectedWeights Of(AutoencoderKLConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new AutoencoderKL(config, new WeightScope(expected));
        return expected;
    }

    /// <summary>What a text encoder needs.</summary>
    public static ExpectedWeights Of(ClipTextConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new ClipTextModel(config, new WeightScope(expected)["text_model"]);
        return expected;
    }

    /// <inheritdoc/>
    public void Need(string name, TensorShape shape) => _shapes[name] = shape;

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        dtype = DType.Float32;
        return _shapes.TryGetValue(name, out shape);
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) =>
        throw new CheckpointException($"tensor '{name}' of an inventory has no numbers.", Description, name);
}

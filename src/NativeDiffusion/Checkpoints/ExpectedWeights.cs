using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>The weight inventory of a model: the names and shapes that it looks up when it is built.</summary>
internal sealed class ExpectedWeights : IWeightSource
{
    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);

    /// <summary>The shapes by name.</summary>
    public IReadOnlyDictionary<string, TensorShape> Shapes => _shapes;

    /// <inheritdoc/>
    public string Description => "the model";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _shapes.Keys;

    /// <summary>The weights of a UNet.</summary>
    public static ExpectedWeights Of(UNet2DConditionConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new UNet2DConditionModel(config, new WeightScope(expected));
        return expected;
    }

    /// <summary>The weights of a VAE.</summary>
    public static ExpectedWeights Of(AutoencoderKLConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new AutoencoderKL(config, new WeightScope(expected));
        return expected;
    }

    /// <summary>The weights of a text encoder.</summary>
    public static ExpectedWeights Of(ClipTextConfig config)
    {
        var expected = new ExpectedWeights();
        _ = new ClipTextModel(config, new WeightScope(expected)["text_model"]);
        return expected;
    }

    /// <inheritdoc/>
    public bool TryFind(string name, TensorShape needed, out TensorShape found)
    {
        _shapes[name] = found = needed;
        return true;
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        dtype = DType.Float32;
        return _shapes.TryGetValue(name, out shape);
    }

    /// <inheritdoc/>
    public void Read(string name, TensorShape shape, Span<float> destination) =>
        throw new CheckpointException($"tensor '{name}' of an inventory has no numbers.", Description, name);
}

using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>One network of a checkpoint: its tensors under diffusers' or transformers' names, and the missing and unknown ones.</summary>
public sealed class CheckpointComponent
{
    internal CheckpointComponent(string name, IWeightSource weights, ExpectedWeights expected)
    {
        Name = name;
        Weights = weights;
        MissingKeys = [.. expected.Shapes.Keys.Where(key => !weights.TryGet(key, out _, out _))];
        UnknownKeys = [.. weights.Names.Where(key => !expected.Shapes.ContainsKey(key)).Order(StringComparer.Ordinal)];
        foreach (string key in weights.Names)
        {
            if (!weights.TryGet(key, out TensorShape shape, out DType dtype)) continue;
            ParameterCount += shape.Count;
            ByteCount += shape.Count * dtype.Size();
            DTypes[dtype] = DTypes.GetValueOrDefault(dtype) + 1;
        }
    }

    /// <summary><c>unet</c>, <c>vae</c> or <c>text_encoder</c>.</summary>
    public string Name { get; }

    /// <summary>The tensors; nothing is read before a tensor is requested.</summary>
    public IWeightSource Weights { get; }

    /// <summary>Tensors that the model needs and the file does not have.</summary>
    public IReadOnlyList<string> MissingKeys { get; }

    /// <summary>Tensors that the file has and the model does not need.</summary>
    public IReadOnlyList<string> UnknownKeys { get; }

    /// <summary>The number of weights.</summary>
    public long ParameterCount { get; }

    /// <summary>Their size in the file, in bytes.</summary>
    public long ByteCount { get; }

    /// <summary>The number of tensors of each stored type.</summary>
    public IReadOnlyDictionary<DType, int> StoredTypes => DTypes;

    private SortedDictionary<DType, int> DTypes { get; } = [];
}

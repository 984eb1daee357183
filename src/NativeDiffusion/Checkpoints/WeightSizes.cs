using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>Reads sizes off the shapes of tensors with diffusers' names.</summary>
/// <param name="source">The tensors.</param>
internal readonly struct WeightSizes(IWeightSource source)
{
    /// <summary>The file, for messages.</summary>
    public string File => source.Description;

    /// <summary>One extent of a tensor that must be there.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="axis">Which extent.</param>
    /// <exception cref="CheckpointException">The tensor is missing or has too few dimensions.</exception>
    public int Extent(string name, int axis)
    {
        if (!source.TryGet(name, out TensorShape shape, out _))
            throw new CheckpointException($"{File}: tensor '{Original(name)}' is missing; the model's sizes are read off it.", File, name);
        return axis < shape.Rank ? shape[axis] : throw new CheckpointException($"{File}: tensor '{Original(name)}' must have at least {axis + 1} dimensions, found shape {shape}.", File, name);
    }

    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string name) => source.TryGet(name, out _, out _);

    /// <summary>The rank of a tensor, or 0.</summary>
    public int Rank(string name) => source.TryGet(name, out TensorShape shape, out _) ? shape.Rank : 0;

    /// <summary>How many consecutive indices from 0 give the name of a tensor.</summary>
    public int Count(Func<int, string> name)
    {
        int count = 0;
        while (Has(name(count))) count++;
        return count;
    }

    private string Original(string name) => source is RenamedWeights renamed ? renamed.Original(name) : name;
}

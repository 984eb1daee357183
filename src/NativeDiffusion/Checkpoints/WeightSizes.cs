using System.Globalization;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>Infers sizes from the shapes of tensors with diffusers' names.</summary>
/// <param name="source">The tensors.</param>
internal readonly struct WeightSizes(IWeightSource source)
{
    /// <summary>The file, for messages.</summary>
    public string File => source.Description;

    /// <summary>One extent of a required tensor.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="axis">Which extent.</param>
    /// <exception cref="CheckpointException">The tensor is missing or has too few dimensions.</exception>
    public int Extent(string name, int axis)
    {
        if (!source.TryGet(name, out TensorShape shape, out _))
            throw new CheckpointException($"{File}: tensor '{Original(name)}' is missing; the model's sizes are read off it.", File, name);
        if (axis < shape.Rank && shape[axis] is not (>= 1 and <= ConfigReader.LargestSize))
            throw new CheckpointException(
                $"{File}: tensor '{Original(name)}' of shape {shape} gives the model a size of {shape[axis]}; expected 1 to {ConfigReader.LargestSize}.", File,
                name);
        return axis < shape.Rank ? shape[axis]
            : throw new CheckpointException($"{File}: tensor '{Original(name)}' must have at least {axis + 1} dimensions, found shape {shape}.", File, name);
    }

    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string name) => source.TryGet(name, out _, out _);

    /// <summary>The rank of a tensor, or 0.</summary>
    public int Rank(string name) => source.TryGet(name, out TensorShape shape, out _) ? shape.Rank : 0;

    /// <summary>The number of members of a list of modules: <c>down_blocks.0</c>, <c>down_blocks.1</c>, …</summary>
    /// <param name="list">The name of the list: <c>down_blocks</c>.</param>
    /// <param name="tensor">A required tensor of each member: <c>resnets.0.conv1.weight</c>.</param>
    /// <exception cref="CheckpointException">A member lacks the tensor, or the list has gaps.</exception>
    public int Count(string list, string tensor)
    {
        int count = 0;
        int last = -1;
        string prefix = list + ".";
        foreach (string name in source.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int end = name.IndexOf('.', prefix.Length);
            if (end > 0 && int.TryParse(name.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)) last =
                Math.Max(last, index);
        }

        while (Has($"{list}.{count}.{tensor}")) count++;
        return last < count ? count : throw new CheckpointException(
            $"{File}: tensor '{list}.{count}.{tensor}' is missing, but there are tensors of {list}.{last}.", File, $"{list}.{count}.{tensor}");
    }

    private string Original(string name) => source is RenamedWeights renamed ? renamed.Original(name) : name;
}

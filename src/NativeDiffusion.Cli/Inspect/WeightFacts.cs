using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cli.Inspect;

/// <summary>The facts of any set of tensors.</summary>
internal static class WeightFacts
{
    /// <summary>Tensors, numbers and stored types.</summary>
    public static IReadOnlyList<Fact> Of(IWeightSource weights)
    {
        long count = 0;
        var types = new SortedDictionary<DType, long>();
        foreach (string name in weights.Names)
        {
            if (!weights.TryGet(name, out TensorShape shape, out DType dtype)) continue;
            count += shape.Count;
            types[dtype] = types.GetValueOrDefault(dtype) + 1;
        }

        return [new("tensors", (long)weights.Names.Count), new("parameters", count), Types(types)];
    }

    /// <summary>The number of tensors of each stored type.</summary>
    public static Fact Types(IEnumerable<KeyValuePair<DType, long>> types) =>
        new("dtypes", types.Select(type => new Fact(NameOf(type.Key), type.Value)).ToArray());

    /// <summary>Each tensor with its type and shape.</summary>
    public static Fact Keys(IWeightSource weights) => new("keys", weights.Names.Select(name =>
        new Fact(name, weights.TryGet(name, out TensorShape shape, out DType dtype) ? $"{NameOf(dtype)} {shape}" : "")).ToArray());

    /// <summary>Strings stored beside the tensors.</summary>
    public static Fact Metadata(IReadOnlyDictionary<string, string> metadata) =>
        new("metadata", metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new Fact(entry.Key, entry.Value)).ToArray());

    private static string NameOf(DType dtype) => dtype switch
    {
        DType.BFloat16 => "bfloat16",
        DType.Float8E4M3 => "float8_e4m3",
        DType.Float8E5M2 => "float8_e5m2",
        _ => dtype.ToString().ToLowerInvariant(),
    };
}

using NativeDiffusion.Checkpoints;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cli.Inspect;

/// <summary>The facts of a file that is not a whole checkpoint: an adapter, an embedding, a VAE, one network of a folder.</summary>
internal static class FileFacts
{
    /// <summary>Lists them.</summary>
    /// <param name="file">The open file.</param>
    public static IReadOnlyList<Fact> Of(IWeightFile file)
    {
        ModelFileKind kind = ModelFiles.Recognise(file);
        IReadOnlyList<Fact> inside = kind switch
        {
            ModelFileKind.Lora => Adapter(file),
            ModelFileKind.TextualInversion => Embedding(TextualInversionFile.Open(file.Description)),
            _ => [],
        };
        return [new("path", file.Description), new("kind", ModelFiles.Describe(kind)), .. inside, .. WeightFacts.Of(file), WeightFacts.Metadata(file.Metadata)];
    }

    /// <summary>Lists an embedding.</summary>
    public static IReadOnlyList<Fact> Embedding(TextualInversionFile embedding) =>
    [
        new("word", embedding.Name),
        .. embedding.StoredName is { } stored ? new Fact[] { new("stored_word", stored) } : [],
        new("vectors", (long)embedding.Vectors.Shape[0]),
        new("width", (long)embedding.Vectors.Shape[1]),
    ];

    private static Fact[] Adapter(IWeightFile file)
    {
        string[] ends =
            [".lora_down.weight", ".lora_A.weight", ".lora.down.weight", "_lora.down.weight", ".lora_linear_layer.down.weight", ".hada_w1_b", ".lokr_w1",
            ".lokr_w1_b", ".diff"];
        string[] modules = [.. file.Names.Where(name => ends.Any(end => name.EndsWith(end, StringComparison.Ordinal)))];
        string[] ranks = [.. modules.Where(name => !name.Contains("lokr", StringComparison.Ordinal) && !name.EndsWith(".diff", StringComparison.Ordinal))
            .Select(name => file.TryGet(name, out Tensors.TensorShape shape, out _) && shape.Rank > 0 ? shape[0] : 0)
            .Where(rank => rank > 0).Distinct().Order().Select(rank => $"{rank}")];
        return [new("layers", (long)modules.Length), new("ranks", string.Join(", ", ranks))];
    }
}

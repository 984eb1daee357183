using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// Renames the tensors of one network to the models' names, for files of any origin: LDM's names with or without a prefix, the
/// names of old diffusers, text encoders with and without <c>text_model.</c>. Unknown names are kept.
/// </summary>
internal static class ComponentNames
{
    /// <summary>LDM's prefix of the UNet.</summary>
    public const string UNetPrefix = "model.diffusion_model.";

    /// <summary>LDM's prefix of the VAE.</summary>
    public const string VaePrefix = "first_stage_model.";

    /// <summary>LDM's prefix of the text encoder.</summary>
    public const string TextPrefix = "cond_stage_model.transformer.";

    /// <summary>A UNet with LDM's or diffusers' names.</summary>
    /// <param name="source">The file.</param>
    /// <param name="prefix">Names without it do not belong to the UNet.</param>
    public static IWeightSource UNet(IWeightSource source, string prefix = "")
    {
        HashSet<string> names = Below(source, prefix);
        if (!names.Contains("input_blocks.0.0.weight") && prefix.Length == 0) return WithoutLeftovers(source);
        return Rename(source, prefix, names, new LdmNames(LdmUNetLayout.FromNames(names, source.Description).Modules()));
    }

    /// <summary>A VAE with LDM's, diffusers' or old diffusers' names.</summary>
    /// <param name="source">The file.</param>
    /// <param name="prefix">Names without it do not belong to the VAE.</param>
    public static IWeightSource Vae(IWeightSource source, string prefix = "")
    {
        HashSet<string> names = Below(source, prefix);
        LdmVaeLayout layout = LdmVaeLayout.FromNames(names);
        LdmNames table = layout.Blocks > 0
            ? new LdmNames(layout.Modules())
            : new LdmNames(
                ((string[])["encoder", "decoder"]).Select(
                side => new LdmModule($"{side}.mid_block.attentions.0", $"{side}.mid_block.attentions.0", LdmParts.OldVaeAttention)));
        return Rename(source, prefix, names, table);
    }

    /// <summary>A text encoder with or without <c>text_model.</c>.</summary>
    /// <param name="source">The file.</param>
    /// <param name="prefix">Names without it do not belong to the text encoder.</param>
    public static IWeightSource Text(IWeightSource source, string prefix = "")
    {
        HashSet<string> names = Below(source, prefix);
        if (names.Contains("text_model.embeddings.token_embedding.weight")) return Rename(source, prefix, names, new LdmNames([]));
        return Rename(
            source, prefix, names, new LdmNames(
            ((string[])["embeddings", "encoder", "final_layer_norm"]).Select(part => new LdmModule(part, "text_model." + part, LdmParts.Same))));
    }

    private static RenamedWeights WithoutLeftovers(IWeightSource source) => Rename(source, "", Below(source, ""), new LdmNames([]));

    private static HashSet<string> Below(IWeightSource source, string prefix) =>
        [.. source.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !Leftovers.Has(name)).Select(name => name[prefix.Length..])];

    private static RenamedWeights Rename(IWeightSource source, string prefix, IEnumerable<string> names, LdmNames table)
    {
        var renamed = new RenamedWeights(source);
        foreach (string name in names)
        {
            (string Name, bool Linear) found = table.Translate(name) ?? (name, false);
            renamed.Add(found.Name, prefix + name, found.Linear);
        }

        return renamed;
    }
}

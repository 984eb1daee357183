using NativeDiffusion.Models;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// The block numbering of LDM's UNetModel: one input block per resnet or downsampler, one output block per resnet; the index of an
/// upsampler inside its output block depends on whether an attention precedes it. Derived from the sizes of a model or from its names.
/// </summary>
/// <param name="Layers">Resnets of each down block, outermost first; up blocks have one more.</param>
/// <param name="DownAttention">Whether each down block has attentions.</param>
/// <param name="UpAttention">Whether each up block has attentions, innermost first.</param>
internal sealed record LdmUNetLayout(IReadOnlyList<int> Layers, IReadOnlyList<bool> DownAttention, IReadOnlyList<bool> UpAttention)
{
    /// <summary>The layout of a model of known sizes.</summary>
    public static LdmUNetLayout FromConfig(UNet2DConditionConfig config) => new(
        config.LayersPerBlock,
        [.. Enumerable.Range(0, config.BlockCount).Select(config.DownBlockHasAttention)],
        [.. Enumerable.Range(0, config.BlockCount).Select(config.UpBlockHasAttention)]);

    /// <summary>Infers the layout from a file's names.</summary>
    /// <param name="names">The names without <c>model.diffusion_model.</c>.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="CheckpointException">A block in the middle is missing.</exception>
    public static LdmUNetLayout FromNames(IReadOnlySet<string> names, string file)
    {
        List<int> layers = [0];
        List<bool> down = [false];
        for (int i = 1; ; i++)
        {
            if (names.Contains($"input_blocks.{i}.0.op.weight"))
            {
                layers.Add(0);
                down.Add(false);
            }
            else if (names.Contains($"input_blocks.{i}.0.in_layers.2.weight"))
            {
                layers[^1]++;
                down[^1] |= names.Contains($"input_blocks.{i}.1.proj_in.weight");
            }
            else
            {
                RequireEnd(names, i, file);
                break;
            }
        }

        List<bool> up = [];
        for (int i = layers.Count - 1, output = 0; i >= 0; output += layers[i] + 1, i--) up.Add(names.Contains($"output_blocks.{output}.1.proj_in.weight"));
        return new LdmUNetLayout(layers, down, up);
    }

    /// <summary>The modules under both names.</summary>
    public IEnumerable<LdmModule> Modules()
    {
        yield return new("time_embed.0", "time_embedding.linear_1", LdmParts.Same);
        yield return new("time_embed.2", "time_embedding.linear_2", LdmParts.Same);
        yield return new("input_blocks.0.0", "conv_in", LdmParts.Same);
        yield return new("out.0", "conv_norm_out", LdmParts.Same);
        yield return new("out.2", "conv_out", LdmParts.Same);
        yield return new("middle_block.0", "mid_block.resnets.0", LdmParts.UNetResnet);
        yield return new("middle_block.1", "mid_block.attentions.0", LdmParts.Same);
        yield return new("middle_block.2", "mid_block.resnets.1", LdmParts.UNetResnet);
        int input = 1;
        for (int block = 0; block < Layers.Count; block++)
        {
            for (int layer = 0; layer < Layers[block]; layer++, input++)
            {
                yield return new($"input_blocks.{input}.0", $"down_blocks.{block}.resnets.{layer}", LdmParts.UNetResnet);
                if (DownAttention[block]) yield return new($"input_blocks.{input}.1", $"down_blocks.{block}.attentions.{layer}", LdmParts.Same);
            }

            if (block < Layers.Count - 1) yield return new($"input_blocks.{input++}.0.op", $"down_blocks.{block}.downsamplers.0.conv", LdmParts.Same);
        }

        int output = 0;
        for (int block = 0; block < Layers.Count; block++)
        {
            int resnets = Layers[Layers.Count - 1 - block] + 1;
            for (int layer = 0; layer < resnets; layer++, output++)
            {
                yield return new($"output_blocks.{output}.0", $"up_blocks.{block}.resnets.{layer}", LdmParts.UNetResnet);
                if (UpAttention[block]) yield return new($"output_blocks.{output}.1", $"up_blocks.{block}.attentions.{layer}", LdmParts.Same);
                if (layer == resnets - 1 && block < Layers.Count - 1)
                    yield return new($"output_blocks.{output}.{(UpAttention[block] ? 2 : 1)}.conv", $"up_blocks.{block}.upsamplers.0.conv", LdmParts.Same);
            }
        }
    }

    private static void RequireEnd(IReadOnlySet<string> names, int block, string file)
    {
        string[] later = [$"input_blocks.{block}.", $"input_blocks.{block + 1}."];
        if (names.FirstOrDefault(name => later.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) is not { } other) return;
        string missing = $"{ComponentNames.UNetPrefix}input_blocks.{block}.0.in_layers.2.weight";
        throw new CheckpointException($"{file}: tensor '{missing}' is missing, but there is '{ComponentNames.UNetPrefix}{other}'.", file, missing);
    }
}

namespace NativeDiffusion.Checkpoints;

/// <summary>The block numbering of LDM's AutoencoderKL; its decoder counts from the outside, diffusers from the inside.</summary>
/// <param name="Blocks">The number of blocks on each side.</param>
/// <param name="Layers">Resnets of an encoder block; a decoder block has one more.</param>
internal sealed record LdmVaeLayout(int Blocks, int Layers)
{
    /// <summary>Infers the layout from a file's names.</summary>
    /// <param name="names">The names without <c>first_stage_model.</c>.</param>
    public static LdmVaeLayout FromNames(IReadOnlySet<string> names)
    {
        int blocks = 0;
        int layers = 0;
        while (names.Contains($"encoder.down.{blocks}.block.0.conv1.weight") || names.Contains($"decoder.up.{blocks}.block.0.conv1.weight")) blocks++;
        while (names.Contains($"encoder.down.0.block.{layers}.conv1.weight")) layers++;
        if (layers > 0) return new LdmVaeLayout(blocks, layers);

        // A decoder alone.
        while (names.Contains($"decoder.up.0.block.{layers}.conv1.weight")) layers++;
        return new LdmVaeLayout(blocks, Math.Max(layers - 1, 0));
    }

    /// <summary>The modules under both names.</summary>
    public IEnumerable<LdmModule> Modules()
    {
        foreach (string same in (string[])["quant_conv", "post_quant_conv"]) yield return new(same, same, LdmParts.Same);
        foreach (string side in (string[])["encoder", "decoder"])
        {
            yield return new($"{side}.conv_in", $"{side}.conv_in", LdmParts.Same);
            yield return new($"{side}.mid.block_1", $"{side}.mid_block.resnets.0", LdmParts.VaeResnet);
            yield return new($"{side}.mid.attn_1", $"{side}.mid_block.attentions.0", LdmParts.VaeAttention);
            yield return new($"{side}.mid.block_2", $"{side}.mid_block.resnets.1", LdmParts.VaeResnet);
            yield return new($"{side}.norm_out", $"{side}.conv_norm_out", LdmParts.Same);
            yield return new($"{side}.conv_out", $"{side}.conv_out", LdmParts.Same);
        }

        for (int block = 0; block < Blocks; block++)
        {
            int fromInside = Blocks - 1 - block;
            for (int layer = 0; layer < Layers; layer++) yield return new(
                $"encoder.down.{block}.block.{layer}", $"encoder.down_blocks.{block}.resnets.{layer}", LdmParts.VaeResnet);
            for (int layer = 0; layer <= Layers; layer++) yield return new(
                $"decoder.up.{block}.block.{layer}", $"decoder.up_blocks.{fromInside}.resnets.{layer}", LdmParts.VaeResnet);
            yield return new($"encoder.down.{block}.downsample.conv", $"encoder.down_blocks.{block}.downsamplers.0.conv", LdmParts.Same);
            yield return new($"decoder.up.{block}.upsample.conv", $"decoder.up_blocks.{fromInside}.upsamplers.0.conv", LdmParts.Same);
        }
    }
}

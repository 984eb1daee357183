namespace NativeDiffusion.Checkpoints;

/// <summary>The names inside a module, in single files and in diffusers folders.</summary>
/// <param name="Names">Pairs of names; those not listed are the same on both sides.</param>
/// <param name="Linear">Whether 1x1 convolutions in single files are linear layers in folders.</param>
internal sealed record LdmParts(IReadOnlyList<(string Ldm, string Diffusers)> Names, bool Linear = false)
{
    /// <summary>Names are the same on both sides: convolutions, norms, transformers.</summary>
    public static LdmParts Same { get; } = new([]);

    /// <summary>A resnet of the UNet.</summary>
    public static LdmParts UNetResnet { get; } = new(
    [
        ("in_layers.0", "norm1"), ("in_layers.2", "conv1"), ("emb_layers.1", "time_emb_proj"),
        ("out_layers.0", "norm2"), ("out_layers.3", "conv2"), ("skip_connection", "conv_shortcut"),
    ]);

    /// <summary>A resnet of the VAE.</summary>
    public static LdmParts VaeResnet { get; } = new([("nin_shortcut", "conv_shortcut")]);

    /// <summary>The attention of the VAE's middle block.</summary>
    public static LdmParts VaeAttention { get; } = new(
        [("norm", "group_norm"), ("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("proj_out", "to_out.0")], Linear: true);

    /// <summary>The same attention as diffusers named it before 0.17.</summary>
    public static LdmParts OldVaeAttention { get; } = new([("query", "to_q"), ("key", "to_k"), ("value", "to_v"), ("proj_attn", "to_out.0")], Linear: true);
}

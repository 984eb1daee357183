using NativeDiffusion.Checkpoints;
using NativeDiffusion.Models;

namespace NativeDiffusion.Cli.Inspect;

/// <summary>The facts of a whole checkpoint.</summary>
internal static class CheckpointFacts
{
    /// <summary>Lists them.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    public static IReadOnlyList<Fact> Of(Checkpoint checkpoint) =>
    [
        new("path", checkpoint.Path),
        new("kind", checkpoint.Layout == CheckpointLayout.SingleFile ? "checkpoint, single file" : "checkpoint, diffusers folder"),
        new("architecture", Describe(checkpoint.Architecture)),
        new("parameters", checkpoint.UNet.ParameterCount + checkpoint.Vae.ParameterCount + checkpoint.TextEncoder.ParameterCount),
        new("unet", Component(checkpoint.UNet, UNet(checkpoint.UNetConfig))),
        new("vae", Component(checkpoint.Vae, Vae(checkpoint.VaeConfig))),
        new("text_encoder", Component(checkpoint.TextEncoder, Text(checkpoint.TextEncoderConfig))),
        new("scheduler", Scheduler(checkpoint.Scheduler)),
        new("tokenizer", checkpoint.TokenizerFolder ?? "CLIP's, in the library"),
        new("ignored", checkpoint.IgnoredKeys),
        new("unknown", checkpoint.UnknownKeys),
        WeightFacts.Metadata(checkpoint.Metadata),
    ];

    private static Fact[] Component(CheckpointComponent component, Fact[] sizes) =>
    [
        new("file", component.Weights.Description),
        new("tensors", (long)component.Weights.Names.Count),
        new("parameters", component.ParameterCount),
        new("bytes", component.ByteCount),
        WeightFacts.Types(component.StoredTypes.Select(type => KeyValuePair.Create(type.Key, (long)type.Value))),
        .. sizes,
        new("missing", component.MissingKeys),
        new("unknown", component.UnknownKeys),
    ];

    private static Fact[] UNet(UNet2DConditionConfig config) =>
    [
        new("in_channels", (long)config.InChannels),
        new("block_out_channels", Join(config.BlockOutChannels)),
        new("layers_per_block", Join(config.LayersPerBlock)),
        new("attention_heads", Join(config.AttentionHeads)),
        new("cross_attention_dim", (long)config.CrossAttentionDim),
        new("use_linear_projection", config.UseLinearProjection),
    ];

    private static Fact[] Vae(AutoencoderKLConfig config) =>
    [
        new("block_out_channels", Join(config.BlockOutChannels)),
        new("latent_channels", (long)config.LatentChannels),
        new("scaling_factor", config.ScalingFactor),
    ];

    private static Fact[] Text(ClipTextConfig config) =>
    [
        new("hidden_size", (long)config.HiddenSize),
        new("num_hidden_layers", (long)config.NumHiddenLayers),
        new("num_attention_heads", (long)config.NumAttentionHeads),
        new("vocab_size", (long)config.VocabSize),
        new("hidden_act", config.HiddenAct),
    ];

    private static Fact[] Scheduler(CheckpointScheduler scheduler)
    {
        string[] shown =
            ["beta_start", "beta_end", "beta_schedule", "num_train_timesteps", "prediction_type", "timestep_spacing", "steps_offset", "rescale_betas_zero_snr"];
        IEnumerable<Fact> values = scheduler.Json.EnumerateObject()
            .Where(entry => shown.Contains(entry.Name)).Select(entry => new Fact(entry.Name, entry.Value));
        return [new("class", scheduler.ClassName ?? "not stated"), .. values];
    }

    private static string Describe(ModelArchitecture architecture) => architecture switch
    {
        ModelArchitecture.StableDiffusion1 => "Stable Diffusion 1.x",
        ModelArchitecture.StableDiffusion1Inpaint => "Stable Diffusion 1.x, inpainting (9 input channels)",
        ModelArchitecture.InstructPix2Pix => "InstructPix2Pix (8 input channels)",
        ModelArchitecture.StableDiffusion2 => "Stable Diffusion 2.x",
        ModelArchitecture.StableDiffusion2Inpaint => "Stable Diffusion 2.x, inpainting (9 input channels)",
        _ => "another number of input channels than Stable Diffusion's",
    };

    private static string Join(IReadOnlyList<int> values) => string.Join(", ", values);
}

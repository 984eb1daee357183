using System.Text.Json;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// The sizes of a UNet, as the <c>config.json</c> of diffusers' UNet2DConditionModel states them. A new record holds Stable Diffusion 1.5's.
/// Lists have one entry for each down block, outermost first.
/// </summary>
public sealed record UNet2DConditionConfig
{
    private const string CrossAttnDown = "CrossAttnDownBlock2D";
    private const string CrossAttnUp = "CrossAttnUpBlock2D";

    /// <summary>Channels of the input: 4, or 9 for an inpainting model (latent, mask, masked image).</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the prediction.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>The latent height and width in training, if stated.</summary>
    public int? SampleSize { get; init; }

    /// <summary>Channels of each block.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>The kind of each down block: CrossAttnDownBlock2D or DownBlock2D.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = [CrossAttnDown, CrossAttnDown, CrossAttnDown, "DownBlock2D"];

    /// <summary>The kind of each up block, innermost first: CrossAttnUpBlock2D or UpBlock2D.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpBlock2D", CrossAttnUp, CrossAttnUp, CrossAttnUp];

    /// <summary>Resnets per down block; the matching up block has one more.</summary>
    public IReadOnlyList<int> LayersPerBlock { get; init; } = [2, 2, 2, 2];

    /// <summary>Transformer blocks inside each attention, per down block; the middle block uses the last, up blocks the reverse.</summary>
    public IReadOnlyList<int> TransformerLayersPerBlock { get; init; } = [1, 1, 1, 1];

    /// <summary>Attention heads per down block; the middle block uses the last, up blocks the reverse. diffusers: attention_head_dim.</summary>
    public IReadOnlyList<int> AttentionHeads { get; init; } = [8, 8, 8, 8];

    /// <summary>Width of the prompt states.</summary>
    public int CrossAttentionDim { get; init; } = 768;

    /// <summary>Whether proj_in and proj_out of the attentions are linear layers instead of 1x1 convolutions.</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary>Groups of every GroupNorm.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Epsilon of the GroupNorms in resnets and before conv_out; the one before an attention is always 1e-6.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Whether the timestep embedding has the cosines first.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>The offset subtracted from the half width in the timestep embedding's exponent.</summary>
    public int FreqShift { get; init; }

    /// <summary>Padding of the stride-2 convolutions: 1 on every side, or 0, which pads right and bottom by one.</summary>
    public int DownsamplePadding { get; init; } = 1;

    /// <summary>Width of the time embedding.</summary>
    public int TimeEmbeddingDim { get; init; } = 1280;

    /// <summary>The number of down blocks, equal to that of up blocks.</summary>
    public int BlockCount => BlockOutChannels.Count;

    /// <summary>Whether a down block has attentions.</summary>
    /// <param name="block">Its index, outermost first.</param>
    public bool DownBlockHasAttention(int block) => DownBlockTypes[block] == CrossAttnDown;

    /// <summary>Whether an up block has attentions.</summary>
    /// <param name="block">Its index, innermost first.</param>
    public bool UpBlockHasAttention(int block) => UpBlockTypes[block] == CrossAttnUp;

    /// <summary>Reads a configuration; missing keys have diffusers' defaults.</summary>
    /// <param name="json">The root of config.json.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The sizes, checked.</returns>
    /// <exception cref="CheckpointException">A value is invalid, or selects a feature that Stable Diffusion 1.5's architecture does not have.</exception>
    public static UNet2DConditionConfig Parse(JsonElement json, string file)
    {
        var reader = new ConfigReader(json, file);
        reader.Require("_class_name", "\"UNet2DConditionModel\"");
        RefuseOtherArchitectures(reader);
        int[] channels = reader.Sizes("block_out_channels", [320, 640, 1280, 1280]);
        int blocks = channels.Length;
        string headsKey = reader.Has("num_attention_heads", out _) ? "num_attention_heads" : "attention_head_dim";
        var config = new UNet2DConditionConfig
        {
            InChannels = reader.Size("in_channels", 4),
            OutChannels = reader.Size("out_channels", 4),
            SampleSize = ReadSampleSize(reader),
            BlockOutChannels = channels,
            DownBlockTypes = reader.Choices(
                "down_block_types", Default(blocks, i => i < blocks - 1 ? CrossAttnDown : "DownBlock2D"), blocks, CrossAttnDown, "DownBlock2D"),
            UpBlockTypes = reader.Choices("up_block_types", Default(blocks, i => i > 0 ? CrossAttnUp : "UpBlock2D"), blocks, CrossAttnUp, "UpBlock2D"),
            LayersPerBlock = reader.SizePerBlock("layers_per_block", 2, blocks),
            TransformerLayersPerBlock = reader.SizePerBlock("transformer_layers_per_block", 1, blocks),
            AttentionHeads = reader.SizePerBlock(headsKey, 8, blocks),
            CrossAttentionDim = ReadCrossAttentionDim(reader),
            UseLinearProjection = reader.Flag("use_linear_projection", false),
            NormNumGroups = reader.Size("norm_num_groups", 32),
            NormEps = reader.Number("norm_eps", 1e-5),
            FlipSinToCos = reader.Flag("flip_sin_to_cos", true),
            FreqShift = reader.Whole("freq_shift", 0),
            DownsamplePadding = reader.Whole("downsample_padding", 1),
            TimeEmbeddingDim = reader.Size("time_embedding_dim", 4 * channels[0]),
        };
        config.Check(reader, headsKey);
        return config;
    }

    private static string[] Default(int blocks, Func<int, string> kind) => [.. Enumerable.Range(0, blocks).Select(kind)];

    private static void RefuseOtherArchitectures(ConfigReader reader)
    {
        foreach (string absent in (ReadOnlySpan<string>)["addition_embed_type", "class_embed_type", "num_class_embeds", "encoder_hid_dim",
            "encoder_hid_dim_type", "time_cond_proj_dim", "time_embedding_act_fn", "timestep_post_act", "cross_attention_norm",
            "reverse_transformer_layers_per_block"])
            reader.Require(absent);
        foreach (string off in (ReadOnlySpan<string>)["center_input_sample", "dual_cross_attention", "only_cross_attention", "mid_block_only_cross_attention",
            "resnet_skip_time_act", "class_embeddings_concat"])
            reader.Require(off, "false");
        foreach (string one in (ReadOnlySpan<string>)["mid_block_scale_factor", "resnet_out_scale_factor"])
            reader.Require(one, "1");
        reader.Require("mid_block_type", "\"UNetMidBlock2DCrossAttn\"");
        reader.Require("act_fn", "\"silu\"", "\"swish\"");
        reader.Require("resnet_time_scale_shift", "\"default\"");
        reader.Require("time_embedding_type", "\"positional\"");
        reader.Require("attention_type", "\"default\"");
        reader.Require("conv_in_kernel", "3");
        reader.Require("conv_out_kernel", "3");
        reader.Require("downsample_padding", "1", "0");
    }

    private static int? ReadSampleSize(ConfigReader reader)
    {
        if (!reader.Has("sample_size", out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Array ? reader.Sizes("sample_size", [])[0] : reader.Size("sample_size", 0);
    }

    private static int ReadCrossAttentionDim(ConfigReader reader)
    {
        if (!reader.Has("cross_attention_dim", out JsonElement value) || value.ValueKind != JsonValueKind.Array) return reader.Size(
            "cross_attention_dim", 1280);
        int[] widths = reader.Sizes("cross_attention_dim", []);
        return widths.Distinct().Count() == 1 ? widths[0] : throw reader.Bad("cross_attention_dim", "must be the same in all blocks", value);
    }

    private void Check(ConfigReader reader, string headsKey)
    {
        if (NormEps <= 0) throw new CheckpointException($"{reader.File}: norm_eps must be above 0, found {NormEps}.", reader.File, "norm_eps");
        if (FreqShift < 0 || FreqShift >= BlockOutChannels[0] / 2)
            throw new CheckpointException(
                $"{reader.File}: freq_shift must be from 0 to below half of block_out_channels[0] {BlockOutChannels[0]}, found {FreqShift}.", reader.File,
                "freq_shift");
        reader.RequireMultiple("block_out_channels[0]", BlockOutChannels[0], "2", 2);
        for (int i = 0; i < BlockCount; i++)
        {
            reader.RequireMultiple($"block_out_channels[{i}]", BlockOutChannels[i], "norm_num_groups", NormNumGroups);
            if (DownBlockHasAttention(i) || UpBlockHasAttention(BlockCount - 1 - i) || i == BlockCount - 1)
                reader.RequireMultiple($"block_out_channels[{i}]", BlockOutChannels[i], headsKey, AttentionHeads[i]);
        }
    }
}

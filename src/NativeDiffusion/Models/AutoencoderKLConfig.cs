using System.Text.Json;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>The sizes of a VAE, as the <c>config.json</c> of diffusers' AutoencoderKL states them. A new record holds Stable Diffusion 1.5's.</summary>
public sealed record AutoencoderKLConfig
{
    /// <summary>Channels of the picture that is encoded.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels of the picture that is decoded.</summary>
    public int OutChannels { get; init; } = 3;

    /// <summary>Channels of the latent; the encoder's moments have twice as many.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Channels of each block, outermost first; one block an entry, each but the last halves the picture.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [128, 256, 512, 512];

    /// <summary>Resnets an encoder block; a decoder block has one more.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <summary>Groups of every GroupNorm; their epsilon is 1e-6.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>The picture's height and width in training, if stated.</summary>
    public int? SampleSize { get; init; }

    /// <summary>The factor applied to a latent before the UNet.</summary>
    public double ScalingFactor { get; init; } = 0.18215;

    /// <summary>The offset subtracted from a latent before scaling.</summary>
    public double ShiftFactor { get; init; }

    /// <summary>Whether a 1x1 convolution follows the encoder.</summary>
    public bool UseQuantConv { get; init; } = true;

    /// <summary>Whether a 1x1 convolution precedes the decoder.</summary>
    public bool UsePostQuantConv { get; init; } = true;

    /// <summary>Whether the middle blocks have an attention (one head).</summary>
    public bool MidBlockAddAttention { get; init; } = true;

    /// <summary>Whether the weights overflow in half precision and need single precision.</summary>
    public bool ForceUpcast { get; init; } = true;

    /// <summary>Pixels a latent cell spans in each direction: 8 with four blocks.</summary>
    public int ScaleFactor => 1 << (BlockOutChannels.Count - 1);

    /// <summary>Reads a configuration; missing keys have diffusers' defaults, with one block for each entry of block_out_channels.</summary>
    /// <param name="json">The root of config.json.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The sizes, checked.</returns>
    /// <exception cref="CheckpointException">A value is invalid, or selects a feature that Stable Diffusion 1.5's VAE does not have.</exception>
    public static AutoencoderKLConfig Parse(JsonElement json, string file)
    {
        var reader = new ConfigReader(json, file);
        reader.Require("_class_name", "\"AutoencoderKL\"");
        reader.Require("act_fn", "\"silu\"", "\"swish\"");
        reader.Require("latents_mean");
        reader.Require("latents_std");
        int[] channels = reader.Sizes("block_out_channels", [64]);
        reader.Choices("down_block_types", [], channels.Length, "DownEncoderBlock2D");
        reader.Choices("up_block_types", [], channels.Length, "UpDecoderBlock2D");
        var config = new AutoencoderKLConfig
        {
            InChannels = reader.Size("in_channels", 3),
            OutChannels = reader.Size("out_channels", 3),
            LatentChannels = reader.Size("latent_channels", 4),
            BlockOutChannels = channels,
            LayersPerBlock = reader.Size("layers_per_block", 1),
            NormNumGroups = reader.Size("norm_num_groups", 32),
            SampleSize = reader.Has("sample_size", out JsonElement size)
                ? (size.ValueKind == JsonValueKind.Array ? reader.Sizes("sample_size", [])[0] : reader.Size("sample_size", 0)) : null,
            ScalingFactor = reader.Number("scaling_factor", 0.18215),
            ShiftFactor = reader.Number("shift_factor", 0),
            UseQuantConv = reader.Flag("use_quant_conv", true),
            UsePostQuantConv = reader.Flag("use_post_quant_conv", true),
            MidBlockAddAttention = reader.Flag("mid_block_add_attention", true),
            ForceUpcast = reader.Flag("force_upcast", true),
        };
        if (config.ScalingFactor == 0) throw new CheckpointException($"{file}: scaling_factor must not be 0.", file, "scaling_factor");
        for (int i = 0; i < channels.Length; i++)
            reader.RequireMultiple($"block_out_channels[{i}]", channels[i], "norm_num_groups", config.NormNumGroups);
        return config;
    }
}

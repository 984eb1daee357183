using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// The configurations of networks without config.json: sizes from the weights' shapes, the rest (heads, groups, scale) from
/// the YAML beside the file, and otherwise Stable Diffusion 1.5's.
/// </summary>
internal static class SingleFileConfigs
{
    private const string UNetPath = "model.params.unet_config.params.";
    private const string VaePath = "model.params.first_stage_config.params.";
    private const string TextPath = "model.params.cond_stage_config.params.";

    /// <summary>The UNet's.</summary>
    /// <param name="weights">Its tensors under diffusers' names.</param>
    /// <param name="yaml">The YAML beside the file, or null.</param>
    public static UNet2DConditionConfig UNet(IWeightSource weights, LdmYaml? yaml)
    {
        var sizes = new WeightSizes(weights);
        int blocks = sizes.Count("down_blocks", "resnets.0.conv1.weight");
        if (blocks is 0 or > 16) throw new CheckpointException($"{sizes.File}: a UNet must have 1 to 16 blocks, found {blocks}.", sizes.File);
        int[] each = [.. Enumerable.Range(0, blocks)];
        int[] channels = [.. each.Select(i => sizes.Extent($"down_blocks.{i}.resnets.0.conv1.weight", 0))];
        bool[] down = [.. each.Select(i => sizes.Has($"down_blocks.{i}.attentions.0.proj_in.weight"))];
        bool[] up = [.. each.Select(i => sizes.Has($"up_blocks.{i}.attentions.0.proj_in.weight"))];
        var config = new UNet2DConditionConfig
        {
            InChannels = sizes.Extent("conv_in.weight", 1),
            OutChannels = sizes.Extent("conv_out.weight", 0),
            SampleSize = yaml?.Whole("model.params.image_size"),
            BlockOutChannels = channels,
            DownBlockTypes = [.. down.Select(attention => attention ? "CrossAttnDownBlock2D" : "DownBlock2D")],
            UpBlockTypes = [.. up.Select(attention => attention ? "CrossAttnUpBlock2D" : "UpBlock2D")],
            LayersPerBlock = [.. each.Select(i => sizes.Count($"down_blocks.{i}.resnets", "conv1.weight"))],
            TransformerLayersPerBlock = [.. each.Select(i => Math.Max(1, sizes.Count($"{AttentionOf(i, blocks, down)}.transformer_blocks", "norm1.weight")))],
            AttentionHeads = Heads(yaml, channels),
            CrossAttentionDim = sizes.Extent("mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight", 1),
            UseLinearProjection = sizes.Rank("mid_block.attentions.0.proj_in.weight") == 2,
            NormNumGroups = yaml?.Whole(UNetPath + "norm_num_groups") ?? 32,
            TimeEmbeddingDim = sizes.Extent("time_embedding.linear_1.weight", 0),
        };
        Check(config, yaml, sizes.File);
        return config;
    }

    /// <summary>The VAE's.</summary>
    /// <param name="weights">Its tensors under diffusers' names.</param>
    /// <param name="yaml">The YAML beside the file, or null.</param>
    /// <param name="like">The configuration whose groups and scale apply by default.</param>
    public static AutoencoderKLConfig Vae(IWeightSource weights, LdmYaml? yaml, AutoencoderKLConfig like)
    {
        var sizes = new WeightSizes(weights);
        int blocks = sizes.Count("encoder.down_blocks", "resnets.0.conv1.weight");
        if (blocks is 0 or > 16) throw new CheckpointException($"{sizes.File}: a VAE must have 1 to 16 blocks, found {blocks}.", sizes.File);
        int[] channels = [.. Enumerable.Range(0, blocks).Select(i => sizes.Extent($"encoder.down_blocks.{i}.resnets.0.conv1.weight", 0))];
        var config = new AutoencoderKLConfig
        {
            InChannels = sizes.Extent("encoder.conv_in.weight", 1),
            OutChannels = sizes.Extent("decoder.conv_out.weight", 0),
            LatentChannels = sizes.Extent("decoder.conv_in.weight", 1),
            BlockOutChannels = channels,
            LayersPerBlock = sizes.Count("encoder.down_blocks.0.resnets", "conv1.weight"),
            NormNumGroups = yaml?.Whole(VaePath + "ddconfig.norm_num_groups") ?? like.NormNumGroups,
            SampleSize = yaml?.Whole(VaePath + "ddconfig.resolution") ?? like.SampleSize,
            ScalingFactor = yaml?.Number("model.params.scale_factor") ?? like.ScalingFactor,
            UseQuantConv = sizes.Has("quant_conv.weight"),
            UsePostQuantConv = sizes.Has("post_quant_conv.weight"),
            MidBlockAddAttention = sizes.Has("decoder.mid_block.attentions.0.to_q.weight"),
        };
        yaml?.Require(VaePath + "ddconfig.ch", channels[0]);
        yaml?.Require(VaePath + "ddconfig.z_channels", config.LatentChannels);
        yaml?.Require(VaePath + "ddconfig.num_res_blocks", config.LayersPerBlock);
        yaml?.Require(VaePath + "ddconfig.ch_mult", [.. channels.Select(width => width / channels[0])]);
        Divisible(channels, "norm_num_groups", config.NormNumGroups, yaml?.File ?? sizes.File);
        if (config.ScalingFactor == 0) throw new CheckpointException(
            $"{yaml!.File}: model.params.scale_factor must not be 0.", yaml.File, "model.params.scale_factor");
        return config;
    }

    /// <summary>The text encoder's.</summary>
    /// <param name="weights">Its tensors under transformers' names.</param>
    /// <param name="yaml">The YAML beside the file, or null.</param>
    public static ClipTextConfig Text(IWeightSource weights, LdmYaml? yaml)
    {
        var sizes = new WeightSizes(weights);
        const string Embeddings = "text_model.embeddings.";
        int vocabulary = sizes.Extent(Embeddings + "token_embedding.weight", 0);
        int width = sizes.Extent(Embeddings + "token_embedding.weight", 1);

        // Every published CLIP text encoder has heads 64 wide, and its two special tokens at the vocabulary's end.
        int heads = yaml?.Whole(TextPath + "num_attention_heads") ?? Math.Max(1, width / 64);
        string activation = yaml?.Text(TextPath + "hidden_act") ?? "quick_gelu";
        if (activation is not ("quick_gelu" or "gelu"))
            throw new CheckpointException(
                $"{yaml!.File}: {TextPath}hidden_act must be quick_gelu or gelu, found '{activation}'.", yaml.File, TextPath + "hidden_act");
        Divisible([width], "num_attention_heads", heads, yaml?.File ?? sizes.File);
        return new ClipTextConfig
        {
            VocabSize = vocabulary,
            HiddenSize = width,
            IntermediateSize = sizes.Extent("text_model.encoder.layers.0.mlp.fc1.weight", 0),
            NumHiddenLayers = sizes.Count("text_model.encoder.layers", "layer_norm1.weight"),
            NumAttentionHeads = heads,
            MaxPositionEmbeddings = sizes.Extent(Embeddings + "position_embedding.weight", 0),
            HiddenAct = activation,
            ProjectionDim = width,
            BosTokenId = vocabulary - 2,
            EosTokenId = vocabulary - 1,
        };
    }

    private static string AttentionOf(int block, int blocks, bool[] down) =>
        down[block] ? $"down_blocks.{block}.attentions.0" : block == blocks - 1 ? "mid_block.attentions.0" : $"up_blocks.{blocks - 1 - block}.attentions.0";

    private static int[] Heads(LdmYaml? yaml, int[] channels)
    {
        // num_head_channels -1 is LDM's notation for a fixed number of heads.
        if (yaml?.Whole(UNetPath + "num_head_channels") is { } width and > 0) return [.. channels.Select(count => Math.Max(1, count / width))];
        int heads = yaml?.Whole(UNetPath + "num_heads") is { } stated and > 0 ? stated : 8;
        return [.. channels.Select(_ => heads)];
    }

    private static void Check(UNet2DConditionConfig config, LdmYaml? yaml, string file)
    {
        IReadOnlyList<int> channels = config.BlockOutChannels;
        if (yaml is not null)
        {
            yaml.Require(UNetPath + "in_channels", config.InChannels);
            yaml.Require(UNetPath + "out_channels", config.OutChannels);
            yaml.Require(UNetPath + "model_channels", channels[0]);
            yaml.Require(UNetPath + "channel_mult", [.. channels.Select(width => width / channels[0])]);
            yaml.Require(UNetPath + "context_dim", config.CrossAttentionDim);
            IReadOnlyList<int> layers = yaml.Wholes(UNetPath + "num_res_blocks") is { Length: > 1 } ? config.LayersPerBlock
                : [.. config.LayersPerBlock.Distinct()];
            yaml.Require(UNetPath + "num_res_blocks", layers);
        }

        string source = yaml?.File ?? file;
        Divisible(channels, "norm_num_groups", config.NormNumGroups, source);
        for (int i = 0; i < channels.Count; i++) Divisible([channels[i]], "num_heads", config.AttentionHeads[i], source);
    }

    private static void Divisible(IEnumerable<int> channels, string what, int divisor, string file)
    {
        foreach (int width in channels)
        {
            if (divisor < 1 || width % divisor != 0)
                throw new CheckpointException(
                    $"{file}: {what} {divisor} must divide the {width} channels of the weights; a YAML beside the file (same name, .yaml) states other values.",
                    file, what);
        }
    }
}

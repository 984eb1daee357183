using System.Text.Json;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>The sizes of a text encoder, as the <c>config.json</c> of transformers' CLIPTextModel states them. A new record holds Stable Diffusion
/// 1.5's.</summary>
public sealed record ClipTextConfig
{
    /// <summary>Rows of the token embedding.</summary>
    public int VocabSize { get; init; } = 49408;

    /// <summary>Width of the states.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Width inside the feed-forward layers.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>The number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>The number of attention heads.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>The longest sequence, in tokens.</summary>
    public int MaxPositionEmbeddings { get; init; } = 77;

    /// <summary>The feed-forward layers' activation: quick_gelu or gelu.</summary>
    public string HiddenAct { get; init; } = "quick_gelu";

    /// <summary>Epsilon of every LayerNorm.</summary>
    public double LayerNormEps { get; init; } = 1e-5;

    /// <summary>Width of the projection that CLIP compares with pictures; not used for text states.</summary>
    public int ProjectionDim { get; init; } = 768;

    /// <summary>The begin token as in the file; old files have one that the tokenizer does not have (0).</summary>
    public int BosTokenId { get; init; } = 49406;

    /// <summary>The end token as in the file; old files have one that the tokenizer does not have (2).</summary>
    public int EosTokenId { get; init; } = 49407;

    /// <summary>Reads a configuration; missing keys have transformers' defaults.</summary>
    /// <param name="json">The root of config.json.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The sizes, checked.</returns>
    /// <exception cref="CheckpointException">A value is invalid, or the model is not CLIP's text encoder.</exception>
    public static ClipTextConfig Parse(JsonElement json, string file)
    {
        var reader = new ConfigReader(json, file);
        reader.Require("model_type", "\"clip_text_model\"", "\"clip\"");

        // The config of a whole CLIP model contains the text encoder's.
        if (reader.Has("text_config", out JsonElement inner)) reader = new ConfigReader(inner, file);
        reader.Require("hidden_act", "\"quick_gelu\"", "\"gelu\"");
        var config = new ClipTextConfig
        {
            VocabSize = reader.Size("vocab_size", 49408),
            HiddenSize = reader.Size("hidden_size", 512),
            IntermediateSize = reader.Size("intermediate_size", 2048),
            NumHiddenLayers = reader.Size("num_hidden_layers", 12),
            NumAttentionHeads = reader.Size("num_attention_heads", 8),
            MaxPositionEmbeddings = reader.Size("max_position_embeddings", 77),
            HiddenAct = reader.Text("hidden_act", "quick_gelu"),
            LayerNormEps = reader.Number("layer_norm_eps", 1e-5),
            ProjectionDim = reader.Size("projection_dim", 512),
            BosTokenId = reader.Whole("bos_token_id", 49406),
            EosTokenId = reader.Whole("eos_token_id", 49407),
        };
        if (config.LayerNormEps <= 0) throw new CheckpointException(
            $"{file}: layer_norm_eps must be above 0, found {config.LayerNormEps}.", file, "layer_norm_eps");
        reader.RequireMultiple("hidden_size", config.HiddenSize, "num_attention_heads", config.NumAttentionHeads);
        return config;
    }
}

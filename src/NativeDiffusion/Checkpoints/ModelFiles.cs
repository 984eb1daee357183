using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>Determines the kind of a weight file by its tensor names.</summary>
public static class ModelFiles
{
    // In this order: parts that a file may contain beside something else come first.
    private static readonly (string Part, bool AtBeginning, ModelFileKind Kind)[] s_signs =
    [
        ("lora_unet_", true, ModelFileKind.Lora), ("lora_te", true, ModelFileKind.Lora), ("lycoris_", true, ModelFileKind.Lora),
        (".lora_down.", false, ModelFileKind.Lora), (".lora_A.", false, ModelFileKind.Lora), (".lora.down.", false, ModelFileKind.Lora),
        ("_lora.down.", false, ModelFileKind.Lora), (".lora_linear_layer.", false, ModelFileKind.Lora), (".hada_w1_", false, ModelFileKind.Lora),
        ("lora_A.weight", false, ModelFileKind.Lora), ("emb_params", true, ModelFileKind.TextualInversion), ("clip_l", true, ModelFileKind.TextualInversion),
        ("control_model.", true, ModelFileKind.ControlNet), ("controlnet_cond_embedding.", true, ModelFileKind.ControlNet),
            ("input_hint_block.", true, ModelFileKind.ControlNet),
        ("conditioner.embedders.", true, ModelFileKind.StableDiffusionXL), ("add_embedding.", true, ModelFileKind.StableDiffusionXL),
        ("joint_blocks.", false, ModelFileKind.StableDiffusion3), ("double_blocks.", false, ModelFileKind.Flux),
        ("cond_stage_model.model.", true, ModelFileKind.StableDiffusion2), (ComponentNames.UNetPrefix + "input_blocks.", true, ModelFileKind.Checkpoint),
        ("input_blocks.", true, ModelFileKind.UNet), ("down_blocks.", true, ModelFileKind.UNet),
        (ComponentNames.VaePrefix, true, ModelFileKind.Vae), ("decoder.conv_in.", true, ModelFileKind.Vae),
        ("text_model.", true, ModelFileKind.TextEncoder), ("embeddings.token_embedding.", true, ModelFileKind.TextEncoder),
            (ComponentNames.TextPrefix, true, ModelFileKind.TextEncoder),
    ];

    /// <summary>Recognises a file.</summary>
    /// <param name="weights">The open file.</param>
    public static ModelFileKind Recognise(IWeightSource weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach ((string part, bool atBeginning, ModelFileKind kind) in s_signs)
        {
            if (weights.Names.Any(
                name => atBeginning ? name.StartsWith(part, StringComparison.Ordinal) : name.Contains(part, StringComparison.Ordinal))) return kind;
        }

        // diffusers' embedding files have one tensor under the word itself; those of the original implementation have it one level deeper.
        if (weights.Names.Count == 1 && weights.TryGet(weights.Names.First(), out Tensors.TensorShape shape, out _)
            && shape.Rank is 1 or 2) return ModelFileKind.TextualInversion;
        return weights is PickleCheckpoint { HoldsEmbedding: true } ? ModelFileKind.TextualInversion : ModelFileKind.Unknown;
    }

    /// <summary>Whether a path is, by its format and names, a whole checkpoint: a folder of components, or a file with a UNet under LDM's names.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static bool IsCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) return !ComponentFolder.Is(path);
        if (EmbeddingPicture.IsPng(path)) return false;
        using IWeightFile file = WeightFile.Open(path);
        return Recognise(file) is ModelFileKind.Checkpoint;
    }

    /// <summary>The weight file of a path: itself, or that of a folder with one component (unet, vae, text_encoder).</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="CheckpointException">The folder holds no weights.</exception>
    public static string FindWeights(string path) => Directory.Exists(path) ? ComponentFolder.FindWeights(path) : path;

    /// <summary>The name of the kind in messages.</summary>
    /// <param name="kind">The kind.</param>
    public static string Describe(ModelFileKind kind) => kind switch
    {
        ModelFileKind.Checkpoint => "a Stable Diffusion checkpoint",
        ModelFileKind.UNet => "a UNet alone",
        ModelFileKind.Vae => "a VAE alone",
        ModelFileKind.TextEncoder => "a text encoder alone",
        ModelFileKind.Lora => "a LoRA",
        ModelFileKind.TextualInversion => "a textual inversion",
        ModelFileKind.ControlNet => "a ControlNet",
        ModelFileKind.StableDiffusion2 => "a Stable Diffusion 2 checkpoint with OpenCLIP's text encoder",
        ModelFileKind.StableDiffusionXL => "Stable Diffusion XL",
        ModelFileKind.StableDiffusion3 => "Stable Diffusion 3",
        ModelFileKind.Flux => "Flux",
        _ => "a file of unknown kind",
    };
}

using System.Buffers;
using System.Text.Json;
using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>A checkpoint in one file, under LDM's names.</summary>
internal static class SingleFile
{
    private static readonly string[] s_prefixes = [ComponentNames.UNetPrefix, ComponentNames.VaePrefix, ComponentNames.TextPrefix];

    /// <summary>Assigns a file's tensors to the three networks.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vae">A VAE that replaces the file's own, or null.</param>
    /// <param name="files">Owns the opened files.</param>
    /// <exception cref="CheckpointException">The file is not a Stable Diffusion 1.x checkpoint.</exception>
    public static CheckpointParts Open(string path, string? vae, OpenFiles files)
    {
        IWeightFile file = files.Open(path);
        ModelFileKind kind = ModelFiles.Recognise(file);
        if (kind != ModelFileKind.Checkpoint) throw NotACheckpoint(path, kind, file);
        LdmYaml? yaml = LdmYaml.Beside(path);
        IWeightSource unet = ComponentNames.UNet(file, ComponentNames.UNetPrefix);
        IWeightSource text = ComponentNames.Text(file, ComponentNames.TextPrefix);
        if (text.Names.Count == 0)
            throw new CheckpointException(
                $"{path}: holds no text encoder ({ComponentNames.TextPrefix}*); use a checkpoint with one, or a diffusers folder.", path);
        (IWeightSource Weights, AutoencoderKLConfig Config) codec = vae is null ? OwnVae(file, yaml) : StandAloneVae.Open(vae, LikeVae(file, yaml), files);
        UNet2DConditionConfig unetConfig = SingleFileConfigs.UNet(unet, yaml);
        return new CheckpointParts
        {
            UNet = unet,
            UNetConfig = unetConfig,
            Vae = codec.Weights,
            VaeConfig = codec.Config,
            Text = text,
            TextConfig = SingleFileConfigs.Text(text, yaml),
            Scheduler = Scheduler(path, yaml, file),
            WeightsPath = path,
            TokenizerFolder = TokenizerFolder.Beside(path),
            Ignored = [.. file.Names.Where(Leftovers.Has).Order(StringComparer.Ordinal)],
            Unknown =
                [.. file.Names
                    .Where(name => !Leftovers.Has(name) && !s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                    .Order(StringComparer.Ordinal)],
            Metadata = file.Metadata,
        };
    }

    private static (IWeightSource Weights, AutoencoderKLConfig Config) OwnVae(IWeightFile file, LdmYaml? yaml)
    {
        IWeightSource weights = ComponentNames.Vae(file, ComponentNames.VaePrefix);
        if (weights.Names.Count == 0)
            throw new CheckpointException($"{file.Description}: holds no VAE ({ComponentNames.VaePrefix}*); pass a stand-alone VAE.", file.Description);
        return (weights, SingleFileConfigs.Vae(weights, yaml, new AutoencoderKLConfig()));
    }

    // Without a VAE in the file only the scale is defined.
    private static AutoencoderKLConfig LikeVae(IWeightFile file, LdmYaml? yaml)
    {
        if (file.Names.Any(name => name.StartsWith(ComponentNames.VaePrefix, StringComparison.Ordinal))) return OwnVae(file, yaml).Config;
        var like = new AutoencoderKLConfig();
        return like with { ScalingFactor = yaml?.Number("model.params.scale_factor") ?? like.ScalingFactor };
    }

    private static CheckpointScheduler Scheduler(string path, LdmYaml? yaml, IWeightFile file)
    {
        const string Params = "model.params.";
        if (yaml?.Text(Params + "beta_schedule") is { } betas and not "linear")
            throw new CheckpointException(
                $"{yaml.File}: {Params}beta_schedule must be linear (LDM's word for a linear range of square roots), found '{betas}'.", yaml.File,
                Params + "beta_schedule");
        bool velocity = yaml?.Text(Params + "parameterization") == "v" || file.Names.Contains("v_pred");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("beta_start", yaml?.Number(Params + "linear_start") ?? 0.00085);
            json.WriteNumber("beta_end", yaml?.Number(Params + "linear_end") ?? 0.012);
            json.WriteString("beta_schedule", "scaled_linear");
            json.WriteNumber("num_train_timesteps", yaml?.Whole(Params + "timesteps") ?? 1000);
            json.WriteString("prediction_type", velocity ? "v_prediction" : "epsilon");
            if (file.Names.Contains("ztsnr")) json.WriteBoolean("rescale_betas_zero_snr", true);
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return new CheckpointScheduler(yaml?.File ?? path, null, document.RootElement.Clone());
    }

    private static CheckpointException NotACheckpoint(string path, ModelFileKind kind, IWeightFile file)
    {
        string next = kind switch
        {
            ModelFileKind.Lora => "apply it to a checkpoint instead of opening it as one",
            ModelFileKind.TextualInversion => "use it in a prompt instead of opening it as a checkpoint",
            ModelFileKind.Vae => "give it beside a checkpoint, in the place of its VAE",
            ModelFileKind.StableDiffusion2 => "only its diffusers folder can be read",
            ModelFileKind.Unknown => file.Names.Count == 0 ? "it holds no tensors" : $"its first tensor is '{file.Names.First()}'",
            _ => "only Stable Diffusion 1.x is supported",
        };
        return new CheckpointException(
            $"{path}: must be a Stable Diffusion 1.x checkpoint ({ComponentNames.UNetPrefix}*), but is {ModelFiles.Describe(kind)}; {next}.", path);
    }
}

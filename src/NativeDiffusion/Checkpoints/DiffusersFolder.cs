using System.Text.Json;
using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>A checkpoint as saved by diffusers: model_index.json and a folder for each component.</summary>
internal static class DiffusersFolder
{
    /// <summary>Opens the three networks.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="vae">A VAE that replaces the folder's own, or null.</param>
    /// <param name="files">Owns the opened files.</param>
    /// <exception cref="CheckpointException">The folder has another pipeline, or parts are missing.</exception>
    public static CheckpointParts Open(string path, string? vae, OpenFiles files)
    {
        CheckIndex(path);
        UNet2DConditionConfig unetConfig = UNet2DConditionConfig.Parse(ComponentFolder.ReadConfig(Component(path, "unet"), out string unetFile), unetFile);
        ClipTextConfig textConfig = ClipTextConfig.Parse(ComponentFolder.ReadConfig(Component(path, "text_encoder"), out string textFile), textFile);
        string weights = ComponentFolder.FindWeights(Component(path, "unet"));
        IWeightFile unet = files.Open(weights);
        IWeightFile text = files.Open(ComponentFolder.FindWeights(Component(path, "text_encoder")));
        (IWeightSource Weights, AutoencoderKLConfig Config) codec = StandAloneVae.Open(vae ?? Component(path, "vae"), new AutoencoderKLConfig(), files);
        string tokenizer = Path.Combine(path, "tokenizer");
        return new CheckpointParts
        {
            UNet = ComponentNames.UNet(unet),
            UNetConfig = unetConfig,
            Vae = codec.Weights,
            VaeConfig = codec.Config,
            Text = ComponentNames.Text(text),
            TextConfig = textConfig,
            Scheduler = ReadScheduler(path),
            WeightsPath = weights,
            TokenizerFolder = TokenizerFolder.Is(tokenizer) ? tokenizer : null,
            Ignored = [.. unet.Names.Concat(text.Names).Where(Leftovers.Has)],
            Metadata = unet.Metadata,
        };
    }

    private static void CheckIndex(string path)
    {
        string file = Path.Combine(path, "model_index.json");
        if (!File.Exists(file))
        {
            if (Directory.Exists(Path.Combine(path, "unet"))) return;
            string what = ComponentFolder.Is(path) ? "holds one component alone" : "has no model_index.json";
            throw new CheckpointException($"{path}: must be a diffusers folder with model_index.json, unet, vae and text_encoder, but {what}.", path);
        }

        JsonElement index = LenientJson.ReadFile(file);
        if (index.ValueKind != JsonValueKind.Object) throw new CheckpointException($"{file}: must be a JSON object.", file);
        string pipeline = index.TryGetProperty("_class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        Expect(file, index, "unet", "UNet2DConditionModel", pipeline);
        Expect(file, index, "vae", "AutoencoderKL", pipeline);
        Expect(file, index, "text_encoder", "CLIPTextModel", pipeline);
        if (index.TryGetProperty("text_encoder_2", out JsonElement second) && second.ValueKind == JsonValueKind.Array && second.GetArrayLength() == 2
            && second[1].ValueKind == JsonValueKind.String)
            throw new CheckpointException(
                $"{file}: is a {pipeline} with a second text encoder; expected a Stable Diffusion 1.x pipeline with one.", file, "text_encoder_2");
    }

    // An entry is [library, class]; hand-written files may omit entries.
    private static void Expect(string file, JsonElement index, string component, string expected, string pipeline)
    {
        bool there = index.TryGetProperty(component, out JsonElement entry);
        string? found = there && entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2
            && entry[1].ValueKind == JsonValueKind.String ? entry[1].GetString() : null;
        if (found == expected) return;
        if (found is null && pipeline.StartsWith("StableDiffusion", StringComparison.Ordinal)) return;
        throw new CheckpointException(
            $"{file}: {component} must be {expected}, found {found ?? "none"}; {(pipeline.Length == 0 ? "this pipeline" : pipeline)} is not Stable Diffusion "
                + $"1.x.", file, component);
    }

    private static string Component(string path, string name)
    {
        string folder = Path.Combine(path, name);
        return Directory.Exists(folder) ? folder : throw new CheckpointException($"{path}: the folder '{name}' is missing.", path, name);
    }

    private static CheckpointScheduler ReadScheduler(string path)
    {
        string file = Path.Combine(path, "scheduler", "scheduler_config.json");
        JsonElement json = File.Exists(file) ? LenientJson.ReadFile(file) : LenientJson.Parse("{}"u8, file);
        if (json.ValueKind != JsonValueKind.Object) throw new CheckpointException($"{file}: must be a JSON object.", file);
        string? name = json.TryGetProperty("_class_name", out JsonElement entry) && entry.ValueKind == JsonValueKind.String ? entry.GetString() : null;
        return new CheckpointScheduler(file, name, json);
    }
}

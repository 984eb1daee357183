using System.Text.Json;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>A folder with one network, as saved by diffusers and transformers: config.json and weights under one of several names.</summary>
internal static class ComponentFolder
{
    private static readonly string[] s_stems = ["diffusion_pytorch_model", "model", "pytorch_model"];

    /// <summary>The file names of weights, in order of preference.</summary>
    public static IEnumerable<string> Candidates =>
        from name in (string[])[".safetensors", ".safetensors.index.json", ".fp16.safetensors", ".safetensors.index.fp16.json", ".fp32.safetensors",
            ".bf16.safetensors", ".bin", ".bin.index.json", ".fp16.bin", ".bin.index.fp16.json"]
        from stem in s_stems
        select stem + name;

    /// <summary>Whether a folder holds one network.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, "config.json")) && Find(folder) is not null;

    /// <summary>The file of weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">There is no such file.</exception>
    public static string FindWeights(string folder) => Find(folder)
        ?? throw new CheckpointException(
            $"{folder}: must hold weights (diffusion_pytorch_model or model, .safetensors, .fp16.safetensors or .bin, whole or with an index), but has "
                + $"{Listing(folder)}.", folder);

    /// <summary>Reads config.json.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="file">The file's path, for messages.</param>
    /// <exception cref="CheckpointException">It does not exist or is not JSON.</exception>
    public static JsonElement ReadConfig(string folder, out string file)
    {
        file = Path.Combine(folder, "config.json");
        return LenientJson.ReadFile(file);
    }

    private static string? Find(string folder) => Candidates.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Listing(string folder)
    {
        if (!Directory.Exists(folder)) return "no such folder";
        string[] names = [.. Directory.EnumerateFiles(folder).Take(20).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "no files" : string.Join(", ", names);
    }
}

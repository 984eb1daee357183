using System.Text.Json;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;

namespace NativeDiffusion.Tests.Checkpoints;

/// <summary>The shipped model as one file with LDM's names, built from its folder by the list of names in the goldens.</summary>
internal static class TinySingleFile
{
    private static readonly (string Folder, string File)[] s_parts =
    [
        ("unet", "diffusion_pytorch_model.safetensors"), ("vae", "diffusion_pytorch_model.safetensors"), ("text_encoder", "model.safetensors"),
    ];

    /// <summary>The list: LDM name, folder, diffusers name, shape in the single file.</summary>
    public static IEnumerable<(string Ldm, string Folder, string Name, TensorShape Shape)> Names() =>
        from entry in LenientJson.ReadFile(
            Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.single-file.json")).GetProperty("tensors").EnumerateArray()
        select (
            entry[0].GetString()!, entry[1].GetString()!, entry[2].GetString()!, new TensorShape(
            [.. entry[3].EnumerateArray().Select(item => item.GetInt32())]));

    private static readonly Lazy<List<(string Ldm, string Folder, string Name, Tensor Tensor)>> s_tensors = new(ReadFolder);

    /// <summary>All tensors; not to be changed.</summary>
    public static IReadOnlyList<(string Ldm, string Folder, string Name, Tensor Tensor)> Read() => s_tensors.Value;

    private static List<(string Ldm, string Folder, string Name, Tensor Tensor)> ReadFolder()
    {
        Dictionary<string, SafetensorsFile> files = s_parts.ToDictionary(
            part => part.Folder, part => SafetensorsFile.Open(Path.Combine(Repository.TinyModel, part.Folder, part.File)));
        var tensors = new List<(string, string, string, Tensor)>();
        foreach ((string ldm, string folder, string name, TensorShape shape) in Names())
        {
            var tensor = new Tensor(shape);
            files[folder].Read(name, tensor.Span);
            tensors.Add((ldm, folder, name, tensor));
        }

        foreach (SafetensorsFile file in files.Values) file.Dispose();
        return tensors;
    }

    /// <summary>Writes the file, in half precision and with what training leaves behind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rename">Another name for a tensor, or null to leave it out.</param>
    public static void Write(string path, Func<string, string?>? rename = null)
    {
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt" } };
        foreach ((string ldm, _, _, Tensor tensor) in Read())
        {
            if ((rename is null ? ldm : rename(ldm)) is { } name) writer.Add(name, DType.Float16, tensor);
        }

        writer.Add("alphas_cumprod", DType.Float32, new TensorShape(1000), span => span.Fill(0.5f));
        writer.Add("betas", DType.Float32, new TensorShape(1000), span => span.Fill(0.5f));
        writer.Add("model_ema.decay", DType.Float32, new TensorShape(), span => span[0] = 0.9999f);
        writer.AddBytes("model_ema.num_updates", DType.Int32, new TensorShape(), new byte[4]);
        writer.Save(path);
    }

    /// <summary>Puts the YAML and the vocabulary beside the file.</summary>
    public static void WriteCompanions(string path, string? yaml = null)
    {
        File.WriteAllText(
            Path.ChangeExtension(path, ".yaml"), yaml ?? File.ReadAllText(Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.yaml")));
        string tokenizer = Path.Combine(Path.GetDirectoryName(path)!, "tokenizer");
        Directory.CreateDirectory(tokenizer);
        foreach (string name in (string[])["vocab.json", "merges.txt"]) File.Copy(
            Path.Combine(Repository.TinyModel, "tokenizer", name), Path.Combine(tokenizer, name), overwrite: true);
    }
}

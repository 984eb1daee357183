using System.Text.Json;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>clip-*</c>: small text encoders from the recipe; every hidden state, and the last and the penultimate one after the final layer norm.</summary>
internal sealed class ClipCheck : IGoldenCheck
{
    private const double Budget = 5e-6;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("clip-", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using var file = RecipeFile.Open(path);
        var clip = new ClipTextModel(ClipTextConfig.Parse(file.Config, path), file.Weights["text_model"]);
        int row = 0;
        foreach (JsonElement ids in file.Root.GetProperty("ids").EnumerateArray())
        {
            string name = row++.ToString(System.Globalization.CultureInfo.InvariantCulture);
            yield return new VerifyCase($"{stem}/{name}", 1, context => Run(file, clip, [.. ids.EnumerateArray().Select(id => id.GetInt32())], name, context));
        }
    }

    private static VerifyResult Run(RecipeFile file, ClipTextModel clip, int[] ids, string row, VerifyContext context)
    {
        using IComputeDevice device = context.OpenDevice();
        Dictionary<string, Tensor> made = NetworkRun.Clip(device, clip, ids, context.Cancellation);
        string[] expected = [.. file.Tensors.Names.Where(name => name.StartsWith($"{row}.", StringComparison.Ordinal))];
        return RelativeL2.Worst(
            expected.Select(
                name =>
                (name, made.TryGetValue(name[(row.Length + 1)..], out Tensor? tensor) ? RelativeL2.Of(file.Tensors.ReadAll(name), tensor.Data) : double.NaN)),
            Budget);
    }
}

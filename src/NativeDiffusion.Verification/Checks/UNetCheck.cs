using System.Text.Json;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>unet-*</c>: small denoisers from the recipe; each case's output, and the results of all blocks for the first.</summary>
internal sealed class UNetCheck : IGoldenCheck
{
    private const double Budget = 5e-6;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("unet-", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using var file = RecipeFile.Open(path);
        var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(file.Config, path), file.Weights);
        foreach (JsonElement golden in file.Cases)
        {
            string name = golden.GetProperty("case").ToString();
            bool isFirst = name == file.Cases[0].GetProperty("case").ToString();
            yield return new VerifyCase($"{stem}/{name}.out", 1, context => Run(file, unet, golden, context, []));
            string[] taps =
                [.. file.Tensors.Names.Where(tensor => tensor.StartsWith("inside.", StringComparison.Ordinal)).Select(tensor => tensor["inside.".Length..])];
            if (isFirst && taps.Length > 0) yield return new VerifyCase($"{stem}/inside", 1, context => Run(file, unet, golden, context, taps));
        }
    }

    private static VerifyResult Run(RecipeFile file, UNet2DConditionModel unet, JsonElement golden, VerifyContext context, string[] taps)
    {
        int Number(string property) => golden.GetProperty(property).GetInt32();
        string name = golden.GetProperty("case").ToString();
        Tensor latents = file.Input($"{name}.x", golden, Number("batch"), unet.Config.InChannels, Number("height"), Number("width"));
        Tensor states = file.Input($"{name}.context", golden, Number("batch"), Number("context_tokens"), unet.Config.CrossAttentionDim);
        using IComputeDevice device = context.OpenDevice();
        Dictionary<string, Tensor> made = NetworkRun.UNet(
            device, unet, latents, golden.GetProperty("timestep").GetDouble(), states, taps, context.Cancellation);
        return RelativeL2.Worst(
            taps.Length == 0
                ? [("out", RelativeL2.Of(file.Tensors.ReadAll($"{name}.out"), made["out"].Data))]
                : taps.Select(tap => (tap, RelativeL2.Of(file.Tensors.ReadAll($"inside.{tap}"), made[tap].Data))),
            Budget);
    }
}

using System.Text.Json;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary><c>vae-*</c>: small autoencoders from the recipe, both ways.</summary>
internal sealed class VaeCheck : IGoldenCheck
{
    private const double Budget = 5e-6;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("vae-", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using var file = RecipeFile.Open(path);
        var vae = new AutoencoderKL(AutoencoderKLConfig.Parse(file.Config, path), file.Weights);
        foreach (JsonElement golden in file.Cases)
        {
            string name = golden.GetProperty("case").ToString();
            yield return new VerifyCase($"{stem}/{name}.decoded", 1, context => Run(file, vae, golden, context, decode: true));
            yield return new VerifyCase($"{stem}/{name}.moments", 1, context => Run(file, vae, golden, context, decode: false));
        }
    }

    private static VerifyResult Run(RecipeFile file, AutoencoderKL vae, JsonElement golden, VerifyContext context, bool decode)
    {
        string name = golden.GetProperty("case").ToString();
        int batch = golden.GetProperty("batch").GetInt32();
        int height = golden.GetProperty("latent_height").GetInt32(), width = golden.GetProperty("latent_width").GetInt32();
        int factor = vae.Config.ScaleFactor;
        Tensor x = decode
            ? file.Input($"{name}.z", golden, batch, vae.Config.LatentChannels, height, width)
            : file.Input($"{name}.x", golden, batch, vae.Config.InChannels, height * factor, width * factor);
        using IComputeDevice device = context.OpenDevice();
        Tensor made = NetworkRun.Vae(device, vae, x, decode, context.Cancellation);
        return VerifyResult.Judge(RelativeL2.Of(file.Tensors.ReadAll($"{name}.{(decode ? "decoded" : "moments")}"), made.Data), Budget);
    }
}

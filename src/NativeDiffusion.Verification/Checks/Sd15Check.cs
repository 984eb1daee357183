using System.Text.Json;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>sd15*</c>: Stable Diffusion 1.5 at full size from the recipe. Each network is built once for all its cases.</summary>
internal sealed class Sd15Check : IGoldenCheck
{
    private const double Budget = 2e-5;

    private static readonly UNet2DConditionConfig s_unet = new() { CrossAttentionDim = 768 };

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("sd15", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using var file = RecipeFile.Open(path);
        JsonProperty[] cases = [.. file.Root.GetProperty("cases").EnumerateObject()];
        foreach (string network in (string[])["clip", "vae", "unet"])
        {
            // One device and one source for the network's cases; its memory is released before the next network is built.
            var weights = new WeightScope(new RecipeWeights(file.Root.GetProperty("weights_prefixes").GetProperty(network).GetString()!));
            Lazy<IComputeDevice>? shared = null;
            try
            {
                foreach (JsonProperty golden in cases.Where(golden => golden.Name.StartsWith($"{network}.", StringComparison.Ordinal)))
                {
                    yield return new VerifyCase($"{stem}/{golden.Name}", network == "unet" ? 40 : 10, context =>
                    {
                        shared ??= new Lazy<IComputeDevice>(() => context.OpenDevice());
                        return Run(file, network, golden, weights, shared.Value, context.Cancellation);
                    });
                }
            }
            finally
            {
                if (shared is { IsValueCreated: true }) shared.Value.Dispose();
            }
        }
    }

    private static VerifyResult Run(
        RecipeFile file, string network, JsonProperty golden, WeightScope weights, IComputeDevice device, CancellationToken cancellation) => network switch
        {
            "unet" => UNet(file, golden, new UNet2DConditionModel(s_unet, weights), device, cancellation),
            "vae" => Vae(file, golden, new AutoencoderKL(new AutoencoderKLConfig(), weights), device, cancellation),
            _ => Clip(file, golden, new ClipTextModel(new ClipTextConfig(), weights["text_model"]), device, cancellation),
        };

    private static VerifyResult UNet(RecipeFile file, JsonProperty golden, UNet2DConditionModel unet, IComputeDevice device, CancellationToken cancellation)
    {
        JsonElement value = golden.Value;
        // A context's shape is stated at its first use.
        JsonElement contextShape = file.Root.GetProperty("cases").EnumerateObject()
            .First(
                other => other.Value.TryGetProperty("context_shape", out _)
                && other.Value.GetProperty("context").GetString() == value.GetProperty("context").GetString())
            .Value.GetProperty("context_shape");
        Tensor latents = file.Input(value.GetProperty("latents").GetString()!, value, Shape(value.GetProperty("shape")));
        Tensor context = file.Input(value.GetProperty("context").GetString()!, value, Shape(contextShape));
        // The blocks' statistics and first values belong to the case without a suffix.
        string[] taps = golden.Name == "unet.out"
            ? [.. file.Tensors.Names.Where(name => name.StartsWith("unet.stats.", StringComparison.Ordinal)).Select(name => name["unet.stats.".Length..])]
            : [];
        Dictionary<string, Tensor> made = NetworkRun.UNet(device, unet, latents, value.GetProperty("timestep").GetDouble(), context, taps, cancellation);
        var errors = new List<(string, double)> { ("out", RelativeL2.Of(file.Tensors.ReadAll(golden.Name), made["out"].Data)) };
        foreach (string tap in taps)
        {
            float[] numbers = made[tap].Data;
            errors.Add(($"stats.{tap}", RelativeL2.Of(file.Tensors.ReadAll($"unet.stats.{tap}"), Statistics(numbers))));
            float[] head = file.Tensors.ReadAll($"unet.head.{tap}");
            errors.Add(($"head.{tap}", RelativeL2.Of(head, numbers.AsSpan(0, head.Length))));
        }

        return RelativeL2.Worst(errors, Budget);
    }

    private static VerifyResult Vae(RecipeFile file, JsonProperty golden, AutoencoderKL vae, IComputeDevice device, CancellationToken cancellation)
    {
        JsonElement value = golden.Value;
        bool decode = value.TryGetProperty("latents", out JsonElement source);
        Tensor x = file.Input((decode ? source : value.GetProperty("image")).GetString()!, value, Shape(value.GetProperty("shape")));
        Tensor made = NetworkRun.Vae(device, vae, x, decode, cancellation);
        int every = value.TryGetProperty("every", out JsonElement step) ? step.GetInt32() : 1;
        var errors = new List<(string, double)> { ("out", RelativeL2.Of(file.Tensors.ReadAll(golden.Name), Every(made, every))) };
        if (file.Tensors.TryGet($"{golden.Name}.stats", out _, out _))
            errors.Add(("stats", RelativeL2.Of(file.Tensors.ReadAll($"{golden.Name}.stats"), Statistics(made.Data))));
        return RelativeL2.Worst(errors, Budget);
    }

    private static VerifyResult Clip(RecipeFile file, JsonProperty golden, ClipTextModel clip, IComputeDevice device, CancellationToken cancellation)
    {
        int[] ids = [.. file.Root.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        Dictionary<string, Tensor> made = NetworkRun.Clip(device, clip, ids, cancellation);
        return VerifyResult.Judge(RelativeL2.Of(file.Tensors.ReadAll(golden.Name), made["last"].Data), Budget);
    }

    private static int[] Shape(JsonElement shape) => [.. shape.EnumerateArray().Select(extent => extent.GetInt32())];

    // mean, standard deviation (torch's: divided by n - 1), largest magnitude
    private static float[] Statistics(float[] numbers)
    {
        double mean = numbers.Average(number => (double)number);
        double variance = numbers.Sum(number => (number - mean) * (number - mean)) / Math.Max(1, numbers.Length - 1);
        return [(float)mean, (float)Math.Sqrt(variance), numbers.Max(MathF.Abs)];
    }

    private static float[] Every(Tensor picture, int step)
    {
        TensorShape shape = picture.Shape;
        var kept = new List<float>();
        for (int plane = 0; plane < shape[0] * shape[1]; plane++)
            for (int y = 0; y < shape[2]; y += step)
                for (int x = 0; x < shape[3]; x += step)
                    kept.Add(picture.Data[((plane * shape[2]) + y) * shape[3] + x]);
        return [.. kept];
    }
}

using System.Text.Json;
using NativeDiffusion.Imaging;
using NativeDiffusion.Solvers;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>pictures/pictures*.json</c>: whole diffusers pipelines on a trained model; every picture, and its latents before the VAE.</summary>
internal sealed class PicturesCheck : IGoldenCheck
{
    private const double LatentBudget = 1e-3;
    private const double PixelShare = 0.999;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("pictures", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        string model = json.RootElement.GetProperty("model").GetString()!;
        using SafetensorsFile? latents = File.Exists(Path.Combine(folder, "latents.safetensors"))
            ? SafetensorsFile.Open(Path.Combine(folder, "latents.safetensors")) : null;
        // One pipeline for all cases of the file.
        StableDiffusionPipeline? shared = null;
        try
        {
            foreach (JsonElement golden in json.RootElement.GetProperty("cases").EnumerateArray())
            {
                yield return new VerifyCase($"pictures/{golden.GetProperty("name").GetString()}", 5, context =>
                {
                    if (golden.TryGetProperty("loras", out JsonElement loras) && loras.GetArrayLength() > 0) return VerifyResult.Skip(
                        "LoRAs are not supported yet");
                    if (context.ModelsFolder is not { } models || !Directory.Exists(Path.Combine(models, model)))
                        return VerifyResult.Skip($"the model '{model}' was not found in {context.ModelsFolder ?? "any models folder"}");
                    shared ??= StableDiffusionPipeline.Open(
                        Path.Combine(models, model), new PipelineOptions { Threads = context.Threads }, null, context.Cancellation);
                    return Run(shared, folder, golden, latents, context.Cancellation);
                });
            }
        }
        finally
        {
            shared?.Dispose();
        }
    }

    private static VerifyResult Run(
        StableDiffusionPipeline pipeline, string folder, JsonElement golden, SafetensorsFile? latents, CancellationToken cancellation)
    {
        GenerationResult result = pipeline.Generate(Options(folder, golden), null, cancellation);
        string name = golden.GetProperty("name").GetString()!;
        if (latents is not null && latents.TryGet($"{name}.latents", out _, out _))
        {
            float[] made = [.. result.Pictures.SelectMany(picture => picture.Latents!.Data)];
            double error = RelativeL2.Of(latents.ReadAll($"{name}.latents"), made);
            if (!(error <= LatentBudget)) return new VerifyResult(VerifyVerdict.Missed, error, LatentBudget, "latents");
        }

        double worst = 0;
        string? detail = null;
        int index = 0;
        foreach (JsonElement expected in golden.GetProperty("pictures").EnumerateArray())
        {
            double share = ShareOff(PngImage.Read(Path.Combine(folder, expected.GetString()!)).ToRgb(), result.Pictures[index++].Image);
            if (share > worst) (worst, detail) = (share, $"pixels off by more than 1: {expected.GetString()}");
        }

        return VerifyResult.Judge(worst, 1 - PixelShare, worst > 1 - PixelShare ? detail : null);
    }

    // The share of pixels in which some channel differs by more than 1 of 255.
    private static double ShareOff(RgbImage expected, RgbImage made)
    {
        if (expected.Width != made.Width || expected.Height != made.Height) return 1;
        int off = 0;
        for (int i = 0; i < expected.Pixels.Length; i += 3)
        {
            bool differs = false;
            for (int c = i; c < i + 3; c++) differs |= Math.Abs(expected.Pixels[c] - made.Pixels[c]) > 1;
            if (differs) off++;
        }

        return (double)off / (expected.Width * expected.Height);
    }

    private static GenerationOptions Options(string folder, JsonElement golden)
    {
        static IReadOnlyList<string>? List(JsonElement value) =>
            value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(text => text.GetString()!)] : null;
        static string Single(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        JsonElement? Find(string property) => golden.TryGetProperty(property, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        RgbImage? Picture(string property) => Find(property) is { } file ? PngImage.Read(Path.Combine(folder, file.GetString()!)).ToRgb() : null;
        JsonElement negative = Find("negative_prompt") ?? default;
        return new GenerationOptions
        {
            Prompt = Single(golden.GetProperty("prompt")),
            Prompts = List(golden.GetProperty("prompt")),
            NegativePrompt = negative.ValueKind == JsonValueKind.Undefined ? "" : Single(negative),
            NegativePrompts = negative.ValueKind == JsonValueKind.Undefined ? null : List(negative),
            Seeds = [.. golden.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64())],
            Width = Find("width")?.GetInt32(),
            Height = Find("height")?.GetInt32(),
            Steps = golden.GetProperty("num_inference_steps").GetInt32(),
            GuidanceScale = golden.GetProperty("guidance_scale").GetDouble(),
            Scheduler = SchedulerConfigReader.Read(golden.GetProperty("scheduler_config"), golden.GetProperty("scheduler").GetString()),
            Strength = Find("strength")?.GetDouble() ?? 1,
            ClipSkip = 1 + (Find("clip_skip")?.GetInt32() ?? 0),
            InitImage = Picture("image"),
            Mask = Picture("mask_image"),
            KeepLatents = true,
        };
    }
}

using System.Text.Json;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>tiny-parts*</c>: the networks of a trained model one by one: text states, denoiser, VAE both ways.</summary>
internal sealed class TinyPartsCheck : IGoldenCheck
{
    private const double Budget = 5e-6;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("tiny-parts", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using var file = RecipeFile.Open(path);
        string model = file.Root.GetProperty("model").GetString()!;
        StableDiffusionPipeline? shared = null;
        VerifyResult With(VerifyContext context, Func<StableDiffusionPipeline, VerifyResult> run)
        {
            if (context.ModelsFolder is not { } models || !Directory.Exists(Path.Combine(models, model)))
                return VerifyResult.Skip($"the model '{model}' was not found in {context.ModelsFolder ?? "any models folder"}");
            shared ??= StableDiffusionPipeline.Open(Path.Combine(models, model), new PipelineOptions { Threads = context.Threads }, null, context.Cancellation);
            return run(shared);
        }

        try
        {
            int prompt = 0;
            foreach (JsonElement text in file.Root.GetProperty("prompts").EnumerateArray())
            {
                int row = prompt++;
                yield return new VerifyCase(
                    $"{stem}/text.{row}", 0, context => With(context, pipeline => Text(file, pipeline, text.GetString()!, row, context.Cancellation)));
            }

            foreach (JsonProperty golden in file.Root.GetProperty("cases").EnumerateObject())
                yield return new VerifyCase(
                    $"{stem}/{golden.Name}", 1, context => With(context, pipeline => Network(file, pipeline, golden, context.Cancellation)));
        }
        finally
        {
            shared?.Dispose();
        }
    }

    private static VerifyResult Text(RecipeFile file, StableDiffusionPipeline pipeline, string prompt, int row, CancellationToken cancellation)
    {
        int[] ids = pipeline.Tokenizer.EncodePadded(prompt);
        float[] expected = file.Tensors.ReadAll($"text.{row}.ids");
        int wrong = ids.Zip(expected).Count(pair => pair.First != (int)pair.Second);
        if (wrong > 0) return new VerifyResult(VerifyVerdict.Missed, wrong, 0, "tokens");
        Dictionary<string, Tensor> made = NetworkRun.Clip(pipeline.Device, pipeline.TextModel, ids, cancellation);
        string lastButOne = $"hidden.{pipeline.TextModel.Config.NumHiddenLayers - 1}";
        return RelativeL2.Worst(
            [
                ("last", RelativeL2.Of(file.Tensors.ReadAll($"text.{row}.last"), made["last"].Data)),
                ("hidden.-2", RelativeL2.Of(file.Tensors.ReadAll($"text.{row}.hidden.-2"), made[lastButOne].Data)),
            ],
            Budget);
    }

    private static VerifyResult Network(RecipeFile file, StableDiffusionPipeline pipeline, JsonProperty golden, CancellationToken cancellation)
    {
        JsonElement value = golden.Value;
        bool isLatent = value.TryGetProperty("latents", out JsonElement source);
        string input = (isLatent ? source : value.GetProperty("image")).GetString()!;
        Tensor x = file.Input(input, value, Shape(file, input, "shape"));
        if (value.TryGetProperty("clamp", out JsonElement clamp))
            for (int i = 0; i < x.Data.Length; i++) x.Data[i] = Math.Clamp(x.Data[i], clamp[0].GetSingle(), clamp[1].GetSingle());
        if (!golden.Name.StartsWith("unet.", StringComparison.Ordinal))
            return VerifyResult.Judge(
                RelativeL2.Of(file.Tensors.ReadAll(golden.Name), NetworkRun.Vae(pipeline.Device, pipeline.Vae, x, isLatent, cancellation).Data), Budget);

        // The names of text rows, one per picture; stated at the input's first use.
        string[] rows = [.. First(file, input, "context").EnumerateArray().Select(row => row.GetString()!)];
        float[] states = [.. rows.SelectMany(row => file.Tensors.ReadAll($"{row}.last"))];
        int width = pipeline.UNet.Config.CrossAttentionDim;
        var context = new Tensor(new TensorShape(rows.Length, states.Length / rows.Length / width, width), states);
        Dictionary<string, Tensor> made = NetworkRun.UNet(
            pipeline.Device, pipeline.UNet, x, value.GetProperty("timestep").GetDouble(), context, [], cancellation);
        return VerifyResult.Judge(RelativeL2.Of(file.Tensors.ReadAll(golden.Name), made["out"].Data), Budget);
    }

    private static int[] Shape(RecipeFile file, string input, string property) =>
        [.. First(file, input, property).EnumerateArray().Select(extent => extent.GetInt32())];

    private static JsonElement First(RecipeFile file, string input, string property) => file.Root.GetProperty("cases").EnumerateObject()
        .First(other => other.Value.TryGetProperty(property, out _)
            && ((other.Value.TryGetProperty("latents", out JsonElement latents) && latents.GetString() == input)
                || (other.Value.TryGetProperty("image", out JsonElement image) && image.GetString() == input)))
        .Value.GetProperty(property);
}

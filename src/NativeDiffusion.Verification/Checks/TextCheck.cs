using System.Globalization;
using System.Text.Json;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>
/// <c>text-*</c>: chunks, multipliers and positions of textual inversions of a trained model's texts, and their final states. A state's name is
/// <c>EMPHASIS.CLIPSKIP.INDEX</c>: the index among the texts of that emphasis, the clip skip as A1111 counts.
/// </summary>
internal sealed class TextCheck : IGoldenCheck
{
    private const double StateBudget = 5e-6;
    private const double MultiplierBudget = 1e-12;
    private const double UnitRoundoff = 1.0 / (1 << 24);

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("text-", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement.Clone();
        using SafetensorsFile tensors = SafetensorsFile.Open(Path.ChangeExtension(path, ".safetensors"));
        TextualInversion[] embeddings = [.. root.GetProperty("embeddings").EnumerateObject().Select(entry => Embedding(tensors, entry))];
        PlanTextEncoder? encoder = null;
        try
        {
            foreach (IGrouping<string, JsonElement> group in root.GetProperty(
                "cases").EnumerateArray().GroupBy(item => item.GetProperty("emphasis").GetString()!))
            {
                EmphasisMode emphasis = Enum.Parse<EmphasisMode>(group.Key.Replace(" ", string.Empty, StringComparison.Ordinal), ignoreCase: true);
                int index = 0;
                foreach (JsonElement item in group)
                {
                    string tail = $".{index++}";
                    yield return new VerifyCase(
                        $"{stem}/{group.Key}{tail}.chunks", 0, context => With(context, open => Chunks(open, embeddings, emphasis, item)));
                    foreach (string name in tensors.Names.Where(
                        name => name.StartsWith(group.Key + ".", StringComparison.Ordinal) && name.EndsWith(tail, StringComparison.Ordinal)))
                    {
                        int clipSkip = int.Parse(
                            name.AsSpan(group.Key.Length + 1, name.Length - group.Key.Length - 1 - tail.Length), CultureInfo.InvariantCulture);
                        float[] expected = tensors.ReadAll(name);
                        yield return new VerifyCase(
                            $"{stem}/{name}", 1, context => With(context, open => States(open, embeddings, emphasis, clipSkip, item, expected, context)));
                    }
                }
            }
        }
        finally
        {
            encoder?.Dispose();
        }

        VerifyResult With(VerifyContext context, Func<PlanTextEncoder, VerifyResult> run)
        {
            string name = root.GetProperty("model").GetString()!;
            string? folder = context.ModelsFolder is null ? null : Path.Combine(context.ModelsFolder, name);
            if (!Directory.Exists(folder)) return VerifyResult.Skip($"the model {name} was not found; give --models");
            return run(encoder ??= new PlanTextEncoder(folder, context.Threads));
        }
    }

    private static VerifyResult Chunks(PlanTextEncoder model, TextualInversion[] embeddings, EmphasisMode emphasis, JsonElement item)
    {
        PromptChunks chunks = new PromptChunker(model.Tokenizer, embeddings).Chunk(item.GetProperty("text").GetString()!, emphasis);
        int misses = chunks.TokenCount == item.GetProperty("count").GetInt32() ? 0 : 1;
        JsonElement tokens = item.GetProperty("tokens");
        JsonElement multipliers = item.GetProperty("multipliers");
        JsonElement places = item.GetProperty("embeddings");
        if (chunks.Chunks.Count != tokens.GetArrayLength())
            return VerifyResult.Judge(misses + 1, 0, $"{chunks.Chunks.Count} chunks, expected {tokens.GetArrayLength()}");
        for (int i = 0; i < chunks.Chunks.Count; i++)
        {
            PromptChunk chunk = chunks.Chunks[i];
            if (!tokens[i].EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(chunk.Tokens)) misses++;
            if (multipliers[i].GetArrayLength() != chunk.Multipliers.Count
                || !multipliers[i].EnumerateArray().Zip(
                    chunk.Multipliers).All(pair => Math.Abs(pair.First.GetDouble() - pair.Second) <= MultiplierBudget)) misses++;
            if (!places[i].EnumerateArray().Select(place => (place[0].GetInt32(), place[1].GetInt32()))
                .SequenceEqual(chunk.Embeddings.Select(place => (place.Offset, place.Count)))) misses++;
        }
        return VerifyResult.Judge(misses, 0);
    }

    private static VerifyResult States(
        PlanTextEncoder model, TextualInversion[] embeddings, EmphasisMode emphasis, int clipSkip, JsonElement item, float[] expected, VerifyContext context)
    {
        float[] Encode(EmphasisMode mode)
        {
            var options = new TextConditionerOptions { Emphasis = mode, SkippedLayers = clipSkip - 1, Embeddings = embeddings };
            return new TextConditioner(
                model.Tokenizer, model, options).EncodeText(item.GetProperty("text").GetString()!, context.Cancellation).At(0)[0].States.Data;
        }

        float[] actual = Encode(emphasis);
        double error = RelativeL2.Of(expected, actual);
        if (emphasis != EmphasisMode.Original || error <= StateBudget || expected.Length != actual.Length) return VerifyResult.Judge(error, StateBudget);
        return JudgeScaled(expected, actual, error, Encode(EmphasisMode.Ignore), Encode(EmphasisMode.NoNorm), model.Width * ClipTokenizer.MaxLength);
    }

    /// <summary>
    /// Original emphasis scales each chunk by a quotient of two means. The reference adds them in float32, where a mean near zero keeps few digits: the factor
    /// is
    /// known to the means' condition numbers times the unit roundoff, and no better. Apart from this factor the states are within their budget.
    /// </summary>
    private static VerifyResult JudgeScaled(float[] expected, float[] actual, double error, float[] plain, float[] weighted, int chunk)
    {
        double worstShape = 0;
        double slack = 0;
        for (int at = 0; at < expected.Length; at += chunk)
        {
            double[] e = [.. expected.AsSpan(at, chunk).ToArray().Select(value => (double)value)];
            double[] a = [.. actual.AsSpan(at, chunk).ToArray().Select(value => (double)value)];
            double scale = e.Zip(a, (x, y) => x * y).Sum() / a.Sum(y => y * y);
            worstShape = Math.Max(worstShape, Math.Sqrt(e.Zip(a, (x, y) => (x - (scale * y)) * (x - (scale * y))).Sum() / e.Sum(x => x * x)));
            slack = Math.Max(slack, UnitRoundoff * (ConditionOfMean(plain.AsSpan(at, chunk)) + ConditionOfMean(weighted.AsSpan(at, chunk))));
        }
        return worstShape <= StateBudget
            ? VerifyResult.Judge(
                error, StateBudget + slack,
                $"all but a common factor: {worstShape.ToString("0.0e+0", CultureInfo.InvariantCulture)}; the float32 means of the reference leave the factor "
                    + $"open to {slack.ToString("0.0e+0", CultureInfo.InvariantCulture)}")
            : VerifyResult.Judge(worstShape, StateBudget);
    }

    private static double ConditionOfMean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        double sizes = 0;
        foreach (float value in values)
        {
            sum += value;
            sizes += Math.Abs(value);
        }
        return sizes / Math.Abs(sum);
    }

    private static TextualInversion Embedding(SafetensorsFile tensors, JsonProperty entry)
    {
        string name = entry.Value.GetString()!;
        float[] numbers = tensors.ReadAll(name);
        tensors.TryGet(name, out TensorShape shape, out _);
        return new TextualInversion(entry.Name, new Tensor(shape, numbers));
    }
}

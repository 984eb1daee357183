using System.Text.Json;
using NativeDiffusion.Randomness;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>
/// <c>random-brownian*.json</c>: the noise of an SDE sampler between neighbouring sigmas (<c>CASE.noise</c>) and from each sigma to the
/// geometric mean (<c>CASE.half</c>) against <see cref="BrownianNoise"/>.
/// </summary>
internal sealed class RandomBrownianCheck : IGoldenCheck
{
    private const double Budget = 2e-6;

    /// <inheritdoc/>
    public bool Handles(string fileName) =>
        fileName.StartsWith("random-brownian", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        var cases = new List<VerifyCase>();
        foreach (JsonElement entry in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = entry.GetProperty("case").GetString()!;
            JsonElement seed = entry.GetProperty("seed"); // one for all, or one per picture
            ulong[] seeds = seed.ValueKind == JsonValueKind.Array ? [.. seed.EnumerateArray().Select(one => one.GetUInt64())] : [seed.GetUInt64()];
            int size = entry.GetProperty("shape").EnumerateArray().Aggregate(1, (product, extent) => product * extent.GetInt32());
            foreach (string part in (string[])["noise", "half"])
                cases.Add(new VerifyCase($"{stem}/{name}.{part}", 0, _ => Check(path, name, part, seeds, size)));
        }

        return cases;
    }

    private static VerifyResult Check(string path, string name, string part, ulong[] seeds, int size)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.ChangeExtension(path, ".safetensors"));
        float[] sigmas = [.. file.ReadAll($"{name}.sigmas").Where(sigma => sigma > 0)];
        float[] expected = file.ReadAll($"{name}.{part}");
        if (part == "noise") return WorstDifference.Judge(expected, Draw(sigmas, seeds, size, (_, next) => next), Budget);

        // The midpoint's precision is not part of the format: both roundings are accepted as the geometric mean.
        VerifyResult single = WorstDifference.Judge(expected, Draw(sigmas, seeds, size, (a, b) => MathF.Sqrt(a * b)), Budget);
        return single.Verdict == VerifyVerdict.Passed ? single
            : WorstDifference.Judge(expected, Draw(sigmas, seeds, size, (a, b) => (float)Math.Sqrt((double)a * b)), Budget);
    }

    private static float[] Draw(float[] sigmas, ulong[] seeds, int size, Func<float, float, float> target)
    {
        float[] drawn = new float[(sigmas.Length - 1) * size];
        int part = size / seeds.Length;
        for (int picture = 0; picture < seeds.Length; picture++)
        {
            var noise = new BrownianNoise(new NoiseOrigin(NoiseKind.TorchCpu), seeds[picture], sigmas[^1], sigmas[0], part);
            for (int i = 0; i + 1 < sigmas.Length; i++)
                noise.Sample(sigmas[i], target(sigmas[i], sigmas[i + 1]), drawn.AsSpan(i * size + picture * part, part));
        }

        return drawn;
    }
}

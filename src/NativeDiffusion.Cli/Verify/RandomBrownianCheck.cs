using System.Text.Json;
using NativeDiffusion.Randomness;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cli.Verify;

/// <summary>
/// <c>random-brownian*.json</c>: the noise of an SDE sampler between neighbouring sigmas (<c>CASE.noise</c>) and from each sigma to the
/// geometric middle (<c>CASE.half</c>) against <see cref="BrownianNoise"/>.
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
            ulong seed = entry.GetProperty("seed").GetUInt64();
            int size = entry.GetProperty("shape").EnumerateArray().Aggregate(1, (product, extent) => product * extent.GetInt32());
            foreach (string part in (string[])["noise", "half"])
                cases.Add(new VerifyCase($"{stem}/{name}.{part}", 0, _ => Check(path, name, part, seed, size)));
        }

        return cases;
    }

    private static VerifyResult Check(string path, string name, string part, ulong seed, int size)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.ChangeExtension(path, ".safetensors"));
        float[] sigmas = [.. file.ReadAll($"{name}.sigmas").Where(sigma => sigma > 0)];
        float[] expected = file.ReadAll($"{name}.{part}");
        float[] drawn = new float[(sigmas.Length - 1) * size];
        var noise = new BrownianNoise(new NoiseOrigin(NoiseKind.TorchCpu), seed, sigmas[^1], sigmas[0], size);
        for (int i = 0; i + 1 < sigmas.Length; i++)
        {
            float next = part == "noise" ? sigmas[i + 1] : MathF.Sqrt(sigmas[i] * sigmas[i + 1]);
            noise.Sample(sigmas[i], next, drawn.AsSpan(i * size, size));
        }

        return WorstDifference.Judge(expected, drawn, Budget);
    }
}

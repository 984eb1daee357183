using System.Globalization;
using NativeDiffusion.Randomness;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>random-a1111-nv*.safetensors</c>: tensors <c>nv.SEED.callK</c> of one 512x512 latent per call against <see cref="NvNoise"/>.</summary>
internal sealed class RandomNvCheck : IGoldenCheck
{
    private const double Budget = 2e-6;
    private const int Length = 16384;

    /// <inheritdoc/>
    public bool Handles(string fileName) =>
        fileName.StartsWith("random-a1111-nv", StringComparison.Ordinal) && fileName.EndsWith(".safetensors", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string stem = Path.GetFileNameWithoutExtension(path);
        return [.. file.Names.Order(StringComparer.Ordinal).Select(name => new VerifyCase($"{stem}/{name}", 0, _ => Check(path, name)))];
    }

    private static VerifyResult Check(string path, string name)
    {
        string[] parts = name.Split('.');
        if (parts.Length < 2
            || !ulong.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            || !parts[^1].StartsWith("call", StringComparison.Ordinal)
            || !int.TryParse(parts[^1].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int call))
            return VerifyResult.Skip($"the tensor '{name}' is not named nv.SEED.callK");

        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] expected = file.ReadAll(name);
        float[] drawn = new float[Math.Max(Length, expected.Length)];
        var source = new NvNoise(seed);
        for (int i = 0; i <= call; i++) source.Normal(drawn);
        return WorstDifference.Judge(expected, TwoEnds.Of(drawn, expected.Length), Budget);
    }
}

using System.Globalization;
using NativeDiffusion.Randomness;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary><c>random-torch-cpu*.safetensors</c>: tensors <c>cpu.SEED.N</c> and <c>cpu.SEED.calls</c> against <see cref="TorchCpuNoise"/>.</summary>
internal sealed class RandomTorchCpuCheck : IGoldenCheck
{
    private const double Budget = 2e-6;
    private const int StoredWhole = 1000; // of longer draws only the two ends are stored

    private static readonly int[] s_calls = [3, 16, 1, 20, 5, 256];

    /// <inheritdoc/>
    public bool Handles(string fileName) =>
        fileName.StartsWith("random-torch-cpu", StringComparison.Ordinal) && fileName.EndsWith(".safetensors", StringComparison.Ordinal);

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
        if (parts.Length < 2 || !ulong.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            return VerifyResult.Skip($"the tensor '{name}' is not named cpu.SEED.COUNT or cpu.SEED.calls");

        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] expected = file.ReadAll(name);
        var source = new TorchCpuNoise(seed);
        if (parts[^1] == "calls")
        {
            float[] calls = new float[s_calls.Sum()];
            int start = 0;
            foreach (int count in s_calls)
            {
                source.Normal(calls.AsSpan(start, count));
                start += count;
            }

            return WorstDifference.Judge(expected, calls, Budget);
        }

        if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            return VerifyResult.Skip($"the tensor '{name}' does not end in a count or 'calls'");
        float[] drawn = new float[length];
        source.Normal(drawn);
        return WorstDifference.Judge(expected, length > StoredWhole ? TwoEnds.Of(drawn, expected.Length) : drawn, Budget);
    }
}

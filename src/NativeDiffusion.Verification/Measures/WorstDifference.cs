using System.Globalization;

namespace NativeDiffusion.Verification;

/// <summary>The largest absolute difference of two lists of numbers, for golden kinds whose budget is absolute.</summary>
public static class WorstDifference
{
    /// <summary>Compares number by number; a NaN on either side counts as an infinite difference, and so do different lengths.</summary>
    /// <param name="expected">The reference, float32 in any layout.</param>
    /// <param name="actual">The same shape and layout.</param>
    /// <param name="budget">The largest absolute difference that passes.</param>
    public static VerifyResult Judge(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double budget)
    {
        if (expected.Length != actual.Length)
            return new VerifyResult(VerifyVerdict.Missed, double.PositiveInfinity, budget, $"expected {expected.Length} numbers, made {actual.Length}");
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            if (double.IsNaN(difference)) difference = double.PositiveInfinity;
            if (difference <= worst) continue;
            worst = difference;
            at = i;
        }

        string? detail = worst <= budget ? null
            : string.Create(CultureInfo.InvariantCulture, $"element {at}: expected {expected[at]:g9}, made {actual[at]:g9}");
        return VerifyResult.Judge(worst, budget, detail);
    }
}

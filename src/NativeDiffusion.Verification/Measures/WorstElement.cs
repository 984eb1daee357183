using System.Globalization;

namespace NativeDiffusion.Verification;

/// <summary>Compares a result with its reference in double, element by element.</summary>
internal static class WorstElement
{
    /// <summary>Finds the element that takes most of its tolerance. A NaN is equal to a NaN alone.</summary>
    /// <param name="expected">The reference: [rows, width].</param>
    /// <param name="actual">The result: the same.</param>
    /// <param name="tolerance">What each element may be off by.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="place">What a miss is a miss of.</param>
    /// <returns>Error and tolerance of that element.</returns>
    public static VerifyResult Judge(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, Tolerance tolerance, int width, string place)
    {
        if (expected.Length != actual.Length) throw new ArgumentException($"{place}: expected {expected.Length} numbers, got {actual.Length}.", nameof(actual));
        double largest = 0;
        foreach (double value in expected)
            if (Math.Abs(value) > largest) largest = Math.Abs(value);
        (double worst, int at, double error, double allowed) = (-1, 0, 0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            (double difference, double most) = (Difference(expected[i], actual[i]), tolerance.Allowed(expected[i], largest));
            // The tolerance of a NaN or of an infinity: nothing.
            if (!double.IsFinite(most)) most = 0;
            double share = difference == 0 ? 0 : difference / most;
            if (share > worst) (worst, at, error, allowed) = (share, i, difference, most);
        }

        string? detail = error <= allowed ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{place}: y[{at / width}, {at % width}] is {actual[at]:g9}, expected {expected[at]:g9}, tolerance {allowed:g3} ({tolerance.Name})");
        return VerifyResult.Judge(error, allowed, detail);
    }

    private static double Difference(double expected, double actual) =>
        expected.Equals(actual) ? 0 : double.IsNaN(expected) || double.IsNaN(actual) ? double.PositiveInfinity : Math.Abs(expected - actual);
}

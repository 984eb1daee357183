using System.Globalization;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Testing;

/// <summary>Compares tensors and says where they differ most.</summary>
internal static class TensorAssert
{
    /// <summary>Every element is within the tolerance; NaN and infinities must be where they are expected.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, Tolerance tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        double squares = 0;
        foreach (double value in expected)
        {
            if (double.IsFinite(value))
                largest = Math.Max(largest, Math.Abs(value));
            squares += value * value;
        }

        int worst = -1;
        double worstShare = 0;
        double errors = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            errors += difference * difference;
            double allowed = tolerance.Allowed(expected[i], largest);
            bool same = expected[i] == actual[i] || (double.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            double share = same ? 0 : double.IsFinite(difference) && allowed > 0 ? difference / allowed : double.PositiveInfinity;
            if (share > worstShare)
            {
                worstShare = share;
                worst = i;
            }
        }

        if (worstShare > 1)
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"Element {worst} of {expected.Length}: expected {expected[worst]:g9}, got {actual[worst]:g9}, {worstShare:f2} times the budget "
                    + $"{tolerance.Name}; relative L2 error {Math.Sqrt(errors / squares):e2}."));
        }
    }

    /// <summary>Every element has the same bits.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]))
                Assert.Fail(
                    string.Create(CultureInfo.InvariantCulture, $"Element {i} of {expected.Length}: {expected[i]:g9} and {actual[i]:g9} differ in bits."));
        }
    }
}

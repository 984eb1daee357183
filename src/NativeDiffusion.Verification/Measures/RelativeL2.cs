namespace NativeDiffusion.Verification;

/// <summary>‖actual − expected‖ / ‖expected‖, the measure of networks.</summary>
public static class RelativeL2
{
    /// <summary>Compares; a NaN anywhere makes the error NaN, which never passes.</summary>
    /// <param name="expected">The reference, float32 in any layout.</param>
    /// <param name="actual">The same shape and layout.</param>
    /// <returns>The error, computed in double; infinity where the lengths differ, the plain norm of the difference where the reference is zero.</returns>
    public static double Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length) return double.PositiveInfinity;
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = (double)actual[i] - expected[i];
            difference += d * d;
            norm += (double)expected[i] * expected[i];
        }

        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }

    /// <summary>The worst of several comparisons, with the name of the worst in the detail.</summary>
    /// <param name="errors">A name and an error each; an empty list is a miss.</param>
    /// <param name="budget">The largest permitted error of each.</param>
    public static VerifyResult Worst(IEnumerable<(string Name, double Error)> errors, double budget)
    {
        ArgumentNullException.ThrowIfNull(errors);
        (string name, double worst) = ("", -1);
        foreach ((string candidate, double error) in errors)
            if (!(error <= worst)) (name, worst) = (candidate, error);
        return worst < 0
            ? new VerifyResult(VerifyVerdict.Missed, double.NaN, budget, "nothing was compared")
            : VerifyResult.Judge(worst, budget, worst <= budget ? null : $"worst: {name}");
    }
}

namespace NativeDiffusion.Cli.Verify;

/// <summary>‖actual − expected‖ / ‖expected‖, the measure of networks.</summary>
internal static class RelativeL2
{
    /// <summary>Compares; a NaN anywhere makes the error NaN, which never passes.</summary>
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
    public static VerifyResult Worst(IEnumerable<(string Name, double Error)> errors, double budget)
    {
        (string name, double worst) = ("", -1);
        foreach ((string candidate, double error) in errors)
            if (!(error <= worst)) (name, worst) = (candidate, error);
        return worst < 0
            ? new VerifyResult(VerifyVerdict.Missed, double.NaN, budget, "nothing was compared")
            : VerifyResult.Judge(worst, budget, worst <= budget ? null : $"worst: {name}");
    }
}

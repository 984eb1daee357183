namespace NativeDiffusion.Verification;

/// <summary>a + b, rounded once to float32, as one addition is. Naive on purpose: do not optimise.</summary>
internal static class AddReference
{
    public static double[] Forward(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var y = new double[a.Length];
        for (int i = 0; i < y.Length; i++)
            y[i] = (float)((double)a[i] + b[i]);
        return y;
    }
}

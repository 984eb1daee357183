namespace NativeDiffusion.Tests.Reference;

/// <summary>x · scale, rounded once to float32, as one product is. Naive on purpose: do not optimise.</summary>
internal static class ScaleReference
{
    public static double[] Forward(ReadOnlySpan<float> x, float scale)
    {
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
            y[i] = (float)((double)x[i] * scale);
        return y;
    }
}

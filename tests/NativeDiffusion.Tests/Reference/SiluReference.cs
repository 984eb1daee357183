namespace NativeDiffusion.Tests.Reference;

/// <summary>x / (1 + e^-x) in double. Naive on purpose: do not optimise.</summary>
internal static class SiluReference
{
    public static double[] Forward(ReadOnlySpan<float> x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
            y[i] = x[i] / (1 + Math.Exp(-x[i]));
        return y;
    }
}

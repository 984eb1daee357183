namespace NativeDiffusion.Verification;

/// <summary>[N, C, S] to [N, S, C]. Naive on purpose: do not optimise.</summary>
internal static class TransposeReference
{
    public static double[] Forward(ReadOnlySpan<float> x, int batch, int channels, int spatial)
    {
        var y = new double[batch * channels * spatial];
        for (int n = 0; n < batch; n++)
            for (int c = 0; c < channels; c++)
                for (int s = 0; s < spatial; s++)
                    y[(((n * spatial) + s) * channels) + c] = x[(((n * channels) + c) * spatial) + s];
        return y;
    }
}

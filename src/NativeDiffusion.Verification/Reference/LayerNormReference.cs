namespace NativeDiffusion.Verification;

/// <summary>(x - mean) / √(variance + ε) · weight + bias per row, in double; biased variance. Naive on purpose: do not optimise.</summary>
internal static class LayerNormReference
{
    public static double[] Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int rows, int channels, float epsilon)
    {
        var y = new double[rows * channels];
        for (int r = 0; r < rows; r++)
        {
            double mean = 0, variance = 0;
            for (int c = 0; c < channels; c++)
                mean += (double)x[(r * channels) + c] / channels;
            for (int c = 0; c < channels; c++)
                variance += Math.Pow(x[(r * channels) + c] - mean, 2) / channels;
            for (int c = 0; c < channels; c++)
                y[(r * channels) + c] = ((x[(r * channels) + c] - mean) / Math.Sqrt(variance + epsilon) * weight[c]) + bias[c];
        }

        return y;
    }
}

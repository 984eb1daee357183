using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>
/// (x - mean) / √(variance + ε) · weight + bias per picture and group, then SiLU, in double; biased variance. Naive on purpose: do not optimise.
/// </summary>
internal static class GroupNormReference
{
    public static double[] Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> x2, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias,
        int batch, int channels, int channels2, int spatial, int groups, float epsilon, bool silu)
    {
        int all = channels + channels2, size = all / groups;
        var y = new double[batch * spatial * all];
        for (int n = 0; n < batch; n++)
            for (int s = n * spatial; s < (n + 1) * spatial; s++)
                for (int c = 0; c < all; c++)
                    y[(s * all) + c] = c < channels ? x[(s * channels) + c] : x2[(s * channels2) + c - channels];
        for (int n = 0; n < batch; n++)
            for (int g = 0; g < groups; g++)
            {
                double mean = 0, variance = 0, count = (double)spatial * size;
                for (int s = n * spatial; s < (n + 1) * spatial; s++)
                    for (int c = g * size; c < (g + 1) * size; c++)
                        mean += y[(s * all) + c] / count;
                for (int s = n * spatial; s < (n + 1) * spatial; s++)
                    for (int c = g * size; c < (g + 1) * size; c++)
                        variance += Math.Pow(y[(s * all) + c] - mean, 2) / count;
                for (int s = n * spatial; s < (n + 1) * spatial; s++)
                    for (int c = g * size; c < (g + 1) * size; c++)
                    {
                        double value = ((y[(s * all) + c] - mean) / Math.Sqrt(variance + epsilon) * weight[c]) + bias[c];
                        y[(s * all) + c] = ActivateReference.Forward(value, silu ? Activation.Silu : Activation.None);
                    }
            }

        return y;
    }
}

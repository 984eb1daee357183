namespace NativeDiffusion.Verification;

/// <summary>x · Wᵀ + bias in double; weight is [outputs, inputs]. Naive on purpose: do not optimise.</summary>
internal static class LinearReference
{
    public static double[] Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int rows, int inputs, int outputs)
    {
        var y = new double[rows * outputs];
        for (int r = 0; r < rows; r++)
            for (int o = 0; o < outputs; o++)
            {
                y[(r * outputs) + o] = bias[o];
                for (int i = 0; i < inputs; i++)
                    y[(r * outputs) + o] += (double)x[(r * inputs) + i] * weight[(o * inputs) + i];
            }

        return y;
    }
}

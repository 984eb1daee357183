namespace NativeDiffusion.Verification;

/// <summary>softmax(scale · q · kᵀ) · v in double, [batch, tokens, heads · headDim]; causal: key ≤ query. Naive on purpose: do not optimise.</summary>
internal static class AttentionReference
{
    public static double[] Forward(
        ReadOnlySpan<float> q, int qStride, ReadOnlySpan<float> k, int kStride, ReadOnlySpan<float> v, int vStride,
        int batch, int heads, int queryTokens, int keyTokens, int headDim, float scale, bool causal)
    {
        int width = heads * headDim;
        var y = new double[batch * queryTokens * width];
        var weights = new double[keyTokens];
        for (int n = 0; n < batch; n++)
            for (int h = 0; h < heads; h++)
                for (int i = 0; i < queryTokens; i++)
                {
                    int keys = causal ? i + 1 : keyTokens;
                    double top = double.NegativeInfinity, sum = 0;
                    for (int j = 0; j < keys; j++)
                    {
                        weights[j] = 0;
                        for (int d = 0; d < headDim; d++)
                            weights[j] +=
                                (double)q[(((n * queryTokens) + i) * qStride) + (h * headDim) + d] * k[(((n * keyTokens) + j) * kStride) + (h * headDim) + d];
                        top = Math.Max(top, weights[j] *= scale);
                    }

                    for (int j = 0; j < keys; j++)
                        sum += weights[j] = Math.Exp(weights[j] - top);
                    for (int j = 0; j < keys; j++)
                        for (int d = 0; d < headDim; d++)
                            y[(((n * queryTokens) + i) * width) + (h * headDim) + d] +=
                                weights[j] / sum * v[(((n * keyTokens) + j) * vStride) + (h * headDim) + d];
                }

        return y;
    }
}

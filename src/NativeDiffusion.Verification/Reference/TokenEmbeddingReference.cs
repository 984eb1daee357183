namespace NativeDiffusion.Verification;

/// <summary>tokenTable[ids[n, s]] + positionTable[s], rounded once to float32. Naive on purpose: do not optimise.</summary>
internal static class TokenEmbeddingReference
{
    public static double[] Forward(
        ReadOnlySpan<int> ids, ReadOnlySpan<float> tokenTable, ReadOnlySpan<float> positionTable, int batch, int tokens, int channels)
    {
        var y = new double[batch * tokens * channels];
        for (int n = 0; n < batch; n++)
            for (int s = 0; s < tokens; s++)
                for (int c = 0; c < channels; c++)
                    y[(((n * tokens) + s) * channels) + c] =
                        (float)((double)tokenTable[(ids[(n * tokens) + s] * channels) + c] + positionTable[(s * channels) + c]);
        return y;
    }
}

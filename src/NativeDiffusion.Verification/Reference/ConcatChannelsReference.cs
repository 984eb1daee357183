namespace NativeDiffusion.Verification;

/// <summary>[rows, channels] ‖ [rows, channels2]. Naive on purpose: do not optimise.</summary>
internal static class ConcatChannelsReference
{
    public static double[] Forward(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int rows, int channels, int channels2)
    {
        int width = channels + channels2;
        var y = new double[rows * width];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < width; c++)
                y[(r * width) + c] = c < channels ? a[(r * channels) + c] : b[(r * channels2) + c - channels];
        return y;
    }
}

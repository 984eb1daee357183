namespace NativeDiffusion.Verification;

/// <summary>Nearest neighbour to a size, NHWC: row r is row floor(r · H / H'). Naive on purpose: do not optimise.</summary>
internal static class UpsampleNearestReference
{
    public static double[] Forward(ReadOnlySpan<float> x, int batch, int height, int width, int outHeight, int outWidth, int channels)
    {
        var y = new double[batch * outHeight * outWidth * channels];
        for (int n = 0; n < batch; n++)
            for (int i = 0; i < outHeight; i++)
                for (int j = 0; j < outWidth; j++)
                    for (int c = 0; c < channels; c++)
                    {
                        int row = (int)Math.Floor(i * (double)height / outHeight), column = (int)Math.Floor(j * (double)width / outWidth);
                        y[(((((n * outHeight) + i) * outWidth) + j) * channels) + c] = x[(((((n * height) + row) * width) + column) * channels) + c];
                    }

        return y;
    }
}

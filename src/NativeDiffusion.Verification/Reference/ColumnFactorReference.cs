namespace NativeDiffusion.Verification;

/// <summary>sums[row, first + o] *= factor[image of the row, o], in double. Naive on purpose: do not optimise.</summary>
internal static class ColumnFactorReference
{
    public static void Multiply(
        double[] sums, ReadOnlySpan<float> factor, int imageStride, int rows, int rowsPerImage, int first, int end, int outputs)
    {
        for (int row = 0; row < rows; row++)
            for (int o = first; o < end; o++)
                sums[(row * outputs) + o] *= factor[(row / rowsPerImage * imageStride) + o - first];
    }
}

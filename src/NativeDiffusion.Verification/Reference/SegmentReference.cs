namespace NativeDiffusion.Verification;

/// <summary>
/// A low-rank segment over a range of columns: sums[row, first + o] += Σ over r below rank of t[row, r] · up[o, r], in double. Naive on purpose: do not
/// optimise.
/// </summary>
internal static class SegmentReference
{
    public static void Accumulate(
        ReadOnlySpan<float> t, int tStride, ReadOnlySpan<float> up, int upStride, double[] sums, int rows, int rank, int first, int end, int outputs)
    {
        for (int row = 0; row < rows; row++)
            for (int o = first; o < end; o++)
                for (int r = 0; r < rank; r++)
                    sums[(row * outputs) + o] += (double)t[(row * tStride) + r] * up[((o - first) * upStride) + r];
    }
}

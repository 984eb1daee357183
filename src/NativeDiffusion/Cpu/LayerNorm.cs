using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y[r, c] = (x[r, c] - mean[r]) · rstd[r] · weight[c] + bias[c] (Ba et al. 2016, arXiv:1607.06450); the variance is biased.
/// Two passes over a row, which stays in the L1 cache: the mean, then the centred squares, each in 16 lanes.
/// </summary>
internal static unsafe class LayerNorm
{
    private const int Lanes = 16;

    /// <summary>x, y: [rows, channels], contiguous; weight, bias: [channels]. y may be x.</summary>
    public static void Forward(CpuWorkers workers, float* x, float* weight, float* bias, float* y, int rows, int channels, float epsilon)
    {
        RowBlocks.Run(workers, rows, channels, row =>
            Row(x + ((long)row * channels), weight, bias, y + ((long)row * channels), channels, epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* x, float* weight, float* bias, float* y, int channels, float epsilon)
    {
        int whole = channels & ~(Lanes - 1);
        int rest = channels - whole;
        Vector512<float> sums = Vector512<float>.Zero;
        for (int c = 0; c < whole; c += Lanes)
            sums += Vector512.Load(x + c);
        if (rest > 0)
            sums += VectorMath.LoadPartial(x + whole, rest);
        Vector512<float> mean = Vector512.Create(VectorMath.Sum(sums) / channels);

        Vector512<float> squares = Vector512<float>.Zero;
        for (int c = 0; c < whole; c += Lanes)
        {
            Vector512<float> centred = Vector512.Load(x + c) - mean;
            squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
        }

        if (rest > 0)
        {
            // Lanes beyond the row must not contribute -mean.
            Vector512<float> inside = Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)rest));
            Vector512<float> centred = (VectorMath.LoadPartial(x + whole, rest) - mean) & inside;
            squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
        }

        float variance = VectorMath.Sum(squares) / channels;
        Vector512<float> rstd = Vector512.Create(1 / MathF.Sqrt(variance + epsilon));
        for (int c = 0; c < whole; c += Lanes)
            Vector512.FusedMultiplyAdd((Vector512.Load(x + c) - mean) * rstd, Vector512.Load(weight + c), Vector512.Load(bias + c)).Store(y + c);
        if (rest > 0)
        {
            Vector512<float> centred = VectorMath.LoadPartial(x + whole, rest) - mean;
            Vector512<float> result = Vector512.FusedMultiplyAdd(
                centred * rstd, VectorMath.LoadPartial(weight + whole, rest), VectorMath.LoadPartial(bias + whole, rest));
            VectorMath.StorePartial(result, y + whole, rest);
        }
    }
}

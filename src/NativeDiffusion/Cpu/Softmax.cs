using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y[r, c] = exp(scale · x[r, c] - m) / Σ exp(scale · x[r, :] - m), m = the row's largest scale · x. An element of -∞ becomes 0; a row of
/// nothing else becomes NaN. The sum is accumulated in 16 lanes.
/// </summary>
internal static unsafe class Softmax
{
    private const int Lanes = 16;
    private const float Log2E = 1.44269504f;

    /// <summary>x, y: [rows, columns], contiguous; y may be x.</summary>
    public static void Forward(CpuWorkers workers, float* x, float* y, int rows, int columns, float scale) =>
        RowBlocks.Run(workers, rows, columns, row => Row(x + ((long)row * columns), y + ((long)row * columns), columns, scale * Log2E));

    private static void Row(float* x, float* y, int columns, float power)
    {
        float largest = float.NegativeInfinity;
        for (int c = 0; c < columns; c++)
            largest = MathF.Max(largest, x[c] * power);
        Vector512<float> origin = Vector512.Create(largest);
        Vector512<float> factor = Vector512.Create(power);

        Vector512<float> sums = Vector512<float>.Zero;
        for (int c = 0; c < columns; c += Lanes)
        {
            int lanes = Math.Min(Lanes, columns - c);
            Vector512<float> e = VectorMath.Exp2((VectorMath.LoadPartial(x + c, lanes) * factor) - origin);
            VectorMath.StorePartial(e, y + c, lanes);
            // Lanes beyond the row must not contribute.
            sums += lanes == Lanes ? e : VectorMath.LoadPartial(y + c, lanes);
        }

        Vector512<float> share = Vector512.Create(1 / VectorMath.Sum(sums));
        for (int c = 0; c < columns; c += Lanes)
        {
            int lanes = Math.Min(Lanes, columns - c);
            VectorMath.StorePartial(VectorMath.LoadPartial(y + c, lanes) * share, y + c, lanes);
        }
    }
}

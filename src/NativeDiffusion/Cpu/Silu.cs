using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>y = x · sigmoid(x), float32.</summary>
internal static unsafe class Silu
{
    private const int Lanes = 16;

    /// <summary>x, y: <paramref name="count"/> floats; y may be x.</summary>
    public static void Forward(CpuWorkers workers, float* x, float* y, long count)
    {
        RowBlocks.RunFlat(workers, count, (start, length) =>
        {
            for (int i = 0; i < length; i += Lanes)
            {
                int lanes = Math.Min(Lanes, length - i);
                VectorMath.StorePartial(VectorMath.Silu(VectorMath.LoadPartial(x + start + i, lanes)), y + start + i, lanes);
            }
        });
    }
}

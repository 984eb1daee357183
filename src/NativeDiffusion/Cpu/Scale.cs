using System.Numerics.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>y = x · scale, float32.</summary>
internal static unsafe class Scale
{
    /// <summary>x, y: <paramref name="count"/> floats; y may be x.</summary>
    public static void Forward(CpuWorkers workers, float* x, float* y, long count, float scale)
    {
        RowBlocks.RunFlat(workers, count, (start, length) =>
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(x + start, length), scale, new Span<float>(y + start, length)));
    }
}

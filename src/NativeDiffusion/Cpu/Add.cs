using System.Numerics.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>y = a + b, float32.</summary>
internal static unsafe class Add
{
    /// <summary>a, b, y: <paramref name="count"/> floats; y may be a or b.</summary>
    public static void Forward(CpuWorkers workers, float* a, float* b, float* y, long count)
    {
        RowBlocks.RunFlat(workers, count, (start, length) =>
            TensorPrimitives.Add(new ReadOnlySpan<float>(a + start, length), new ReadOnlySpan<float>(b + start, length), new Span<float>(y + start, length)));
    }
}

using System.Runtime.CompilerServices;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu.Device;

/// <summary>An input in a plan's kept memory: pictures are converted to NHWC.</summary>
internal sealed unsafe class CpuInput<T>(CpuPlan plan, PlanInput<T> input) : DeviceInput<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override TensorShape Shape => input.Shape;

    /// <inheritdoc/>
    public override void CopyFrom(ReadOnlySpan<T> values, int firstSample = 0)
    {
        int samples = Samples.Check(input.Shape, values.Length, firstSample, $"Input '{input.Name}'", nameof(values));
        fixed (T* pinned = values)
        {
            // Every type here has 4 bytes; token ids are copied as the bits of floats.
            float* x = (float*)pinned;
            TensorShape shape = input.Shape;
            long size = shape.Count / shape[0];
            plan.Access(input.Value, input.IsStable, (workers, first) =>
            {
                float* y = first + firstSample * size;
                if (shape.Rank == 4) Transpose.ToChannelsLast(workers, x, y, samples, shape[1], shape[2] * shape[3]);
                else Unsafe.CopyBlock(y, x, checked((uint)(samples * size * sizeof(float))));
            });
        }
    }
}

using System.Runtime.CompilerServices;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu.Device;

/// <summary>An output in a plan's kept memory: pictures are converted to NCHW.</summary>
internal sealed unsafe class CpuOutput(CpuPlan plan, GraphOutput output) : DeviceOutput
{
    /// <inheritdoc/>
    public override TensorShape Shape => output.Handle.Shape;

    /// <inheritdoc/>
    public override void CopyTo(Span<float> values, int firstSample = 0)
    {
        int samples = Samples.Check(Shape, values.Length, firstSample, $"Output '{output.Handle.Name}'", nameof(values));
        fixed (float* y = values)
        {
            float* to = y;
            TensorShape shape = Shape;
            long size = shape.Count / shape[0];
            plan.Access(output.Value, isStableInput: false, (workers, first) =>
            {
                float* x = first + firstSample * size;
                if (shape.Rank == 4) Transpose.ToChannelsFirst(workers, x, to, samples, shape[1], shape[2] * shape[3]);
                else Unsafe.CopyBlock(to, x, checked((uint)(samples * size * sizeof(float))));
            });
        }
    }
}

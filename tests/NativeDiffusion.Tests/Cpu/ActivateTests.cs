using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class ActivateTests
{
    [Theory]
    [CombinatorialData]
    public void Activate_EveryLengthTo128_MatchesReference(Activation activation)
    {
        using var workers = new CpuWorkers(1);
        for (int channels = 2; channels <= 128; channels += activation == Activation.GeGlu ? 2 : 1)
        {
            const int Rows = 3;
            int width = activation == Activation.GeGlu ? channels / 2 : channels;
            using GuardedBuffer x = GuardedBuffer.Random(channels, Rows * channels, scale: 3);
            using var y = new GuardedBuffer(Rows * width);
            Activate.Forward(workers, x.Pointer, y.Pointer, Rows, channels, activation);
            y.AssertIntact();
            TensorAssert.Close(ActivateReference.Forward(x.Span, Rows, channels, activation), y.Span, Tolerance.Elementwise);
        }
    }

    [Fact]
    public void Activate_LargeAndNotFinite_BehavesAsTheFormula()
    {
        float[] values = [-1e30f, -1000, 0, -0f, 88, 200, 1e30f, float.PositiveInfinity, float.NaN];
        using var workers = new CpuWorkers(1);
        using GuardedBuffer x = GuardedBuffer.Of(values);
        using var y = new GuardedBuffer(values.Length);
        Activate.Forward(workers, x.Pointer, y.Pointer, 1, values.Length, Activation.Silu);
        TensorAssert.Close(ActivateReference.Forward(values, 1, values.Length, Activation.Silu), y.Span, Tolerance.Exact);
    }
}

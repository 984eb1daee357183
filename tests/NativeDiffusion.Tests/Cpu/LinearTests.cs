using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class LinearTests
{
    [Theory]
    [MemberData(nameof(LinearCases.Names), MemberType = typeof(LinearCases))]
    public void Linear_Case_MatchesReference(string name) => Conv2dTests.Check(LinearCases.All[name]);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 257, 31)]
    [InlineData(77, 40, 65)]
    public unsafe void Linear_OneSegment_MatchesReference(int rows, int inputs, int outputs)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(1, rows * inputs);
        using GuardedBuffer weight = GuardedBuffer.Random(2, outputs * inputs, (float)(1 / Math.Sqrt(inputs)));
        using GuardedBuffer bias = GuardedBuffer.Random(3, outputs);
        using var packed = new PackedMatrix(outputs, 1, inputs);
        packed.Fill(workers, weight.Span, outputs, inputs, 1, 1, 0, inputs, []);
        using var y = new GuardedBuffer(rows * outputs);
        Linear.Forward(
            workers, [GemmSegment.Matrix(x.Pointer, inputs, inputs, rows, packed)], new GemmEpilogue { Bias = bias.Pointer }, y.Pointer, outputs, rows,
            outputs);
        y.AssertIntact();
        TensorAssert.Close(LinearReference.Forward(x.Span, weight.Span, bias.Span, rows, inputs, outputs), y.Span, Tolerance.Reduction(inputs));
    }

    [Theory]
    [MemberData(nameof(LinearCases.Names), MemberType = typeof(LinearCases))]
    public void Linear_AnyNumberOfThreads_HasTheSameBytes(string name)
    {
        using var run = new Conv2dRun(LinearCases.All[name]);
        using var one = new CpuWorkers(1);
        using GuardedBuffer expected = run.Forward(one);
        foreach (int threads in (int[])[2, 5])
        {
            using var workers = new CpuWorkers(threads);
            using GuardedBuffer actual = run.Forward(workers);
            TensorAssert.SameBits(expected.Span, actual.Span);
        }
    }

    [Fact]
    public void Linear_JoinedProjections_EqualSeparateOnes()
    {
        using var workers = new CpuWorkers(2);
        Conv2dCase sizes = LinearCases.All["out"] with { Residual = false };
        using var run = new Conv2dRun(sizes);
        using GuardedBuffer expected = run.Forward(workers);
        using GuardedBuffer joined = run.ForwardJoined(workers);
        joined.AssertIntact();
        for (int row = 0; row < sizes.Rows; row++)
        {
            Span<float> pair = joined.Span.Slice(row * 2 * sizes.Outputs, 2 * sizes.Outputs);
            TensorAssert.SameBits(expected.Span.Slice(row * sizes.Outputs, sizes.Outputs), pair[..sizes.Outputs]);
            TensorAssert.SameBits(expected.Span.Slice(row * sizes.Outputs, sizes.Outputs), pair[sizes.Outputs..]);
        }
    }
}

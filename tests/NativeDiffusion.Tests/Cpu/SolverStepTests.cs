using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class SolverStepTests
{
    private const int Pictures = 2;
    private const int Count = Pictures * 37;
    private static readonly double[] s_weights = [-6.5, 7.5];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void SolverStep_RandomRow_MatchesReference(int seed, bool rescaled)
    {
        SolverStepRow row = RandomRow(seed);
        GuardedBuffer[] inputs = [.. Enumerable.Range(0, 9).Select(i => GuardedBuffer.Random((100 * seed) + i, Count))];
        using var x0 = new GuardedBuffer(Count);
        float[][] before = [.. inputs.Select(buffer => buffer.Span.ToArray())];
        double[] rescale = [0.75, 1.25];
        fixed (double* factors = rescale)
        {
            float** predictions = stackalloc float*[] { inputs[7].Pointer, inputs[8].Pointer };
            SolverStep.Forward(row, State(inputs, x0), predictions, s_weights, rescaled ? factors : null, Count, Pictures);
        }

        double[] expectedX = new double[Count], expectedSaved = new double[Count], expectedX0 = new double[Count], expectedSlot = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            decimal[] values = [.. before.Select(buffer => (decimal)(double)buffer[i])];
            (decimal x, decimal saved, decimal clean, decimal stored) = SolverStepReference.Forward(
                row, values[0], values[1], values[2..6], values[6], values[7..], s_weights, rescaled ? (decimal)rescale[i / (Count / Pictures)] : 1);
            (expectedX[i], expectedSaved[i], expectedX0[i], expectedSlot[i]) = ((double)x, (double)saved, (double)clean, (double)stored);
        }

        TensorAssert.Close(expectedX, inputs[0].Span, Tolerance.Elementwise);
        TensorAssert.Close(expectedSaved, inputs[1].Span, Tolerance.Elementwise);
        TensorAssert.Close(expectedX0, x0.Span, Tolerance.Elementwise);
        TensorAssert.Close(expectedSlot, inputs[2 + row.StoreSlot].Span, Tolerance.Elementwise);
        Array.ForEach(inputs, buffer => buffer.AssertIntact());
        Array.ForEach(inputs, buffer => buffer.Dispose());
    }

    [Fact]
    public void SolverStep_ZeroCoefficient_DoesNotReadItsTerm()
    {
        var row = new SolverStepRow { X0FromX = 1, EpsFromModel = 1, StoreSlot = -1, Next = new SolverStepTerms { X0 = 2 } };
        using GuardedBuffer x = GuardedBuffer.Of([3]);
        using GuardedBuffer saved = GuardedBuffer.Of([float.NaN]);
        using GuardedBuffer prediction = GuardedBuffer.Of([5]);
        using var x0 = new GuardedBuffer(1);
        float** predictions = stackalloc float*[] { prediction.Pointer };

        SolverStep.Forward(row, new SolverStepState { X = x.Pointer, Saved = saved.Pointer, X0 = x0.Pointer }, predictions, [1], null, 1, 1);

        Assert.Equal((6f, 0f, 3f), (x.Span[0], saved.Span[0], x0.Span[0]));
    }

    private static SolverStepState State(GuardedBuffer[] buffers, GuardedBuffer x0) => new()
    {
        X = buffers[0].Pointer,
        Saved = buffers[1].Pointer,
        Slot0 = buffers[2].Pointer,
        Slot1 = buffers[3].Pointer,
        Slot2 = buffers[4].Pointer,
        Slot3 = buffers[5].Pointer,
        Noise = buffers[6].Pointer,
        X0 = x0.Pointer,
    };

    private static SolverStepRow RandomRow(int seed)
    {
        var random = new Random(seed);
        double Next() => (random.NextDouble() * 4) - 2;
        SolverStepTerms Terms() =>
            new() { X = Next(), Saved = Next(), X0 = Next(), Eps = Next(), Slot0 = Next(), Slot1 = Next(), Slot2 = Next(), Slot3 = Next(), Noise = Next() };
        return new SolverStepRow
        {
            X0FromX = Next(),
            X0FromModel = Next(),
            EpsFromX = Next(),
            EpsFromModel = Next(),
            SignalLevel = 1,
            NoiseLevel = 1,
            Next = Terms(),
            Save = Terms(),
            StoreSlot = seed % 4,
            StoreX0 = Next(),
            StoreEps = Next(),
        };
    }
}

using NativeDiffusion.Solvers;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>The step's arithmetic over spans against the row's formula in decimal.</summary>
public sealed class SolverStepArithmeticTests
{
    private const int Count = 37;
    private static readonly Guidance s_guidance = Guidance.ClassifierFree(7.5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Forward_RandomRow_MatchesReference(int seed)
    {
        SolverRow row = RandomRow(seed);
        float[][] values = [.. Enumerable.Range(0, 9).Select(i => Numbers((100 * seed) + i))];
        float[][] before = [.. values.Select(numbers => numbers.ToArray())];
        float[] x0 = new float[Count];
        SolverStep.Forward(row, State(values, x0), [.. values[7], .. values[8]], s_guidance);

        double[] expectedX = new double[Count], expectedSaved = new double[Count], expectedX0 = new double[Count], expectedSlot = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            decimal[] at = [.. before.Select(numbers => (decimal)(double)numbers[i])];
            (decimal x, decimal saved, decimal clean, decimal stored) =
                SolverStepReference.Forward(row, at[0], at[1], at[2..6], at[6], at[7..], s_guidance.Weights.ToArray(), 1);
            (expectedX[i], expectedSaved[i], expectedX0[i], expectedSlot[i]) = ((double)x, (double)saved, (double)clean, (double)stored);
        }

        TensorAssert.Close(expectedX, values[0], Tolerance.Elementwise);
        TensorAssert.Close(expectedSaved, values[1], Tolerance.Elementwise);
        TensorAssert.Close(expectedX0, x0, Tolerance.Elementwise);
        TensorAssert.Close(expectedSlot, values[2 + row.StoreSlot], Tolerance.Elementwise);
    }

    [Fact]
    public void Forward_ZeroCoefficient_DoesNotReadItsTerm()
    {
        SolverRow row = RandomRow(1) with
        {
            Prediction = new PredictionWeights(1, 0, 0, 1),
            StoreSlot = -1,
            Next = new SolverCombination { X0 = 2 },
            Save = default,
        };
        float[] x = [3], saved = [float.NaN], x0 = [0];

        SolverStep.Forward(row, new SolverState { X = x, Saved = saved, X0 = x0 }, [5], Guidance.None);

        Assert.Equal((6f, 0f, 3f), (x[0], saved[0], x0[0]));
    }

    private static SolverState State(float[][] values, float[] x0) => new()
    {
        X = values[0],
        Saved = values[1],
        Slot0 = values[2],
        Slot1 = values[3],
        Slot2 = values[4],
        Slot3 = values[5],
        Noise = values[6],
        X0 = x0,
    };

    private static float[] Numbers(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    private static SolverRow RandomRow(int seed)
    {
        var random = new Random(seed);
        double Next() => random.NextDouble() * 4 - 2;
        SolverCombination Terms() =>
            new() { X = Next(), Saved = Next(), X0 = Next(), Eps = Next(), Slot0 = Next(), Slot1 = Next(), Slot2 = Next(), Slot3 = Next(), Noise = Next() };
        return new SolverRow
        {
            Timestep = 0,
            InputScale = 1,
            AddNoise = new NoiseMix(1, 1),
            Prediction = new PredictionWeights(Next(), Next(), Next(), Next()),
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

using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>The matrix product's PTX, every variant for every capability that it ships for, against the sum in double.</summary>
public sealed class GemmTests
{
    /// <summary>Place of a variant in the list, and a capability.</summary>
    public static TheoryData<int, int> Variants()
    {
        var data = new TheoryData<int, int>();
        for (int i = 0; i < GemmVariant.All.Count; i++)
            foreach (int capability in ShippedPtx.Capabilities.Where(GemmVariant.All[i].Compilation.Fits)) data.Add(i, capability);
        return data;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_SmallIntegers_AreExact(int variant, int capability)
    {
        GemmTile tile = GemmVariant.All[variant].Tile;
        // Whole tiles and slices; then over every edge, with slices cut short and an empty segment.
        AssertExact(variant, capability, new GemmProblem(2 * tile.M, 2 * tile.N, [(2 * tile.Stages * tile.K) + tile.K, 2 * tile.K]) { HasBias = true }, false);
        AssertExact(variant, capability, new GemmProblem(tile.M + 1, tile.N + 4, [tile.K + 8, 0, 8, (2 * tile.K) + 24]) { HasBias = true, HasResidual = true }, true);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_HostileShapes_AreExact(int variant, int capability)
    {
        GemmTile tile = GemmVariant.All[variant].Tile;
        bool any = !GemmVariant.All[variant].IsAligned;
        foreach (GemmProblem problem in (GemmProblem[])
        [
            new(1, 4, [8]),
            new(31, 12, [tile.K]) { HasResidual = true },
            new(tile.M - 1, tile.N - 4, [tile.K * tile.Stages]) { HasBias = true },
            new(33, tile.N, [0]) { HasBias = true, HasResidual = true },
        ])
            AssertExact(variant, capability, problem, false);
        if (!any) return;
        foreach (GemmProblem problem in (GemmProblem[])
        [
            new(1, 1, [1]),
            new(67, 65, [1, 31, 0, 33]) { HasBias = true, HasResidual = true },
            new(63, 77, [127, 2]) { HasBias = true },
        ])
            AssertExact(variant, capability, problem, true);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_Silu_IsWithinRounding(int variant, int capability)
    {
        var problem = new GemmProblem(5, 20, [40]) { HasBias = true, HasResidual = true, Activation = GemmActivation.Silu };
        double[] expected = problem.Expected(), actual = Run(variant, capability, false).Launch(problem);
        // Two roundings of the special function unit, and that of the result.
        double rounding = (GemmVariant.All[variant].IsFloat ? 0 : 1.0 / (1 << 11)) + (1.0 / (1 << 20));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], rounding * (1 + Math.Abs(expected[i])));
    }

    /// <summary>Sums are float32: each of the depth's 512 additions may be off by half a unit in the last place, by one where the tensor core cuts off.</summary>
    [Theory]
    [CombinatorialData]
    public void Gemm_Reals_AreWithinRoundingOfFloat([CombinatorialValues(75, 80, 90)] int capability, bool isTruncating)
    {
        int variant = Enumerable.Range(0, GemmVariant.All.Count).First(i => GemmVariant.All[i] is { IsFloat: true, IsAligned: true } candidate && candidate.Compilation.Fits(capability));
        var problem = new GemmProblem(40, 24, [320, 192], integers: false) { HasBias = true };
        double[] expected = problem.Expected();
        double[] actual = new GemmRun(GemmVariant.All[variant], capability, new ExecutionOptions { IsTruncating = isTruncating }).Launch(problem);
        double error = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum() / expected.Sum(e => e * e));
        Assert.InRange(error, 0, 512.0 / (1 << 24));
    }

    private static GemmRun Run(int variant, int capability, bool isAdversarial) => GemmVariant.All[variant].IsAligned
        ? new GemmRun(GemmVariant.All[variant], capability, new ExecutionOptions { IsAdversarial = isAdversarial }) { Gap = 8, Shift = 8 }
        : new GemmRun(GemmVariant.All[variant], capability, new ExecutionOptions { IsAdversarial = isAdversarial }) { Gap = 1, Shift = 1 };

    private static void AssertExact(int variant, int capability, GemmProblem problem, bool isAdversarial)
    {
        bool isFloat = GemmVariant.All[variant].IsFloat;
        GemmRun run = Run(variant, capability, isAdversarial);
        double[] expected = problem.Expected(), actual = run.Launch(problem);
        // No bank of shared memory is asked twice.
        Assert.Equal(run.Device.Tally.Memory.SharedWavefrontsNeeded, run.Device.Tally.Memory.SharedWavefronts);
        for (int i = 0; i < expected.Length; i++)
        {
            double exact = isFloat ? expected[i] : (double)(Half)expected[i];
            Assert.True(exact == actual[i], $"{problem}: y[{i / problem.Outputs}, {i % problem.Outputs}] is {actual[i]}, not {exact}.");
        }
    }
}

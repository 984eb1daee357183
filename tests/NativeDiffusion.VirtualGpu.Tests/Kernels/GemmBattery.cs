using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>
/// What a variant of the matrix product must solve. The tests give it the PTX that ships, the mutations PTX with one fault; whatever tells the
/// two apart belongs here.
/// </summary>
internal sealed class GemmBattery
{
    private readonly GemmVariant _variant;
    private readonly ExecutionOptions _options;
    private readonly GemmRun _run;

    /// <param name="variant">The variant.</param>
    /// <param name="capability">The compute capability of its PTX, and of the card.</param>
    /// <param name="ptx">The text; null for what ships.</param>
    /// <param name="options">How it is executed, apart from the schedule.</param>
    public GemmBattery(GemmVariant variant, int capability, string? ptx = null, ExecutionOptions? options = null)
    {
        _variant = variant;
        _options = options ?? new ExecutionOptions();
        int gap = variant.IsAligned ? 8 : 1;
        _run = new GemmRun(variant, capability, _options, ptx) { Gap = gap, Shift = gap };
    }

    public void CheckAll()
    {
        CheckSmallIntegers();
        CheckHostileShapes();
        CheckEdges();
        CheckSilu();
    }

    /// <summary>Whole tiles and slices; then over every edge, with slices cut short and an empty segment.</summary>
    public void CheckSmallIntegers()
    {
        GemmTile tile = _variant.Tile;
        AssertExact(new GemmProblem(2 * tile.M, 2 * tile.N, [(2 * tile.Stages * tile.K) + tile.K, 2 * tile.K]) { HasBias = true }, false);
        AssertExact(new GemmProblem(tile.M + 1, tile.N + 4, [tile.K + 8, 0, 8, (2 * tile.K) + 24]) { HasBias = true, HasResidual = true }, true);
    }

    public void CheckHostileShapes()
    {
        GemmTile tile = _variant.Tile;
        foreach (GemmProblem problem in (GemmProblem[])
        [
            new(1, 4, [8]),
            new(31, 12, [tile.K]) { HasResidual = true },
            new(tile.M - 1, tile.N, [tile.K * (tile.Stages + 2)]) { HasBias = true },
            new(tile.M, tile.N - 4, [tile.K * (tile.Stages + 2)]) { HasBias = true },
            new(33, tile.N, [0]) { HasBias = true, HasResidual = true },
            // Empty segments behind the first slices; last, with fewer segments than there may be, and as many.
            new(17, 12, [tile.K * tile.Stages, 0, 8]),
            new(17, 12, [8, 0]),
            new(17, 12, [8, 16, 8]),
            new(17, 12, [0, tile.K * tile.Stages, 8, 0]) { HasResidual = true },
            new(17, 12, [8, tile.K * tile.Stages, 0]),
        ])
            AssertExact(problem, false);
        if (_variant.IsAligned) return;
        foreach (GemmProblem problem in (GemmProblem[])
        [
            new(1, 1, [1]),
            new(67, 65, [1, 31, 0, 33]) { HasBias = true, HasResidual = true },
            new(63, 77, [127, 2]) { HasBias = true },
        ])
            AssertExact(problem, true);
    }

    /// <summary>
    /// A matrix's edge wherever a copy, a load or a store of a thread has a test of its own, the other matrix's edge on its tile's. Slices enough
    /// that those behind the first ones meet it, too.
    /// </summary>
    public void CheckEdges()
    {
        GemmTile tile = _variant.Tile;
        int[] depths = [((tile.Stages + 1) * tile.K) + 8];
        for (int rows = 8; rows < tile.M; rows += 8) AssertExact(
            new GemmProblem(rows, tile.N, depths) { HasBias = true, HasResidual = true, IsResidualApart = true }, false);
        for (int outputs = 4; outputs < tile.N; outputs += 4) AssertExact(
            new GemmProblem(tile.M, outputs, outputs % 16 == 0 ? depths : [8]) { HasBias = true, HasResidual = true }, false);
        if (_variant.IsAligned) return;
        for (int outputs = 1; outputs < tile.N; outputs++) AssertExact(new GemmProblem(tile.M, outputs, [3]) { HasBias = true, HasResidual = true }, false);
        // Every remainder of a chunk, in the first slices and in later ones.
        for (int rest = 1; rest < 8; rest++) AssertExact(new GemmProblem(tile.M, tile.N, [rest, 2 * tile.K, (2 * tile.K) - rest, rest]), false);
    }

    public void CheckSilu()
    {
        var problem = new GemmProblem(5, 20, [40]) { HasBias = true, HasResidual = true, Activation = GemmActivation.Silu };
        double[] expected = problem.Expected(), actual = _run.Launch(problem);
        // Two roundings of the special function unit, and that of the result.
        double rounding = (_variant.IsFloat ? 0 : 1.0 / (1 << 11)) + (1.0 / (1 << 20));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], rounding * (1 + Math.Abs(expected[i])));
    }

    private void AssertExact(GemmProblem problem, bool isAdversarial)
    {
        _run.Device.Options = _options with { IsAdversarial = isAdversarial };
        double[] expected = problem.Expected(), actual = _run.Launch(problem);
        for (int i = 0; i < expected.Length; i++)
        {
            double exact = _variant.IsFloat ? expected[i] : (double)(Half)expected[i];
            Assert.True(exact == actual[i], $"{problem}: y[{i / problem.Outputs}, {i % problem.Outputs}] is {actual[i]}, not {exact}.");
        }
        Assert.True(
            _run.Device.Tally.Memory.SharedWavefrontsNeeded == _run.Device.Tally.Memory.SharedWavefronts,
            $"{problem}: a bank of shared memory is asked twice.");
    }
}

using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Products whose adapter slot is in use.</summary>
public sealed class AdapterTests
{
    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_Case_MatchesReference(string name)
    {
        AdapterCase sizes = AdapterCases.All[name];
        Check(sizes);
        Check(sizes with { Layer = sizes.Layer with { IsDirect = true } });
    }

    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_RanksNoneAndFactorsOne_HasTheLayersBytes(string name)
    {
        AdapterCase sizes = AdapterCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer expected = run.Forward(workers, slot: false);
        run.SetFactors(1);
        for (int i = 0; i < sizes.Parts.Length; i++)
            run.SetRank(i, 0);
        using GuardedBuffer actual = run.Forward(workers);
        TensorAssert.SameBits(expected.Span, actual.Span);
    }

    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_ColumnsOutsideOfRanges_HaveTheLayersBytes(string name)
    {
        AdapterCase sizes = AdapterCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer without = run.Forward(workers, slot: false), with = run.Forward(workers);
        float[] expected = run.Compact(without), actual = run.Compact(with);
        for (int i = 0; i < expected.Length; i++)
        {
            int column = i % sizes.Layer.Width;
            bool isGated = sizes.Layer.Activation == Activation.GeGlu;
            if (IsChanged(sizes, column) || (isGated && IsChanged(sizes, sizes.Layer.Width + column)))
                Assert.NotEqual(expected[i], actual[i]);
            else
                TensorAssert.SameBits([expected[i]], [actual[i]]);
        }
    }

    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_AnyNumberOfThreads_HasTheSameBytes(string name)
    {
        using var one = new CpuWorkers(1);
        using var two = new CpuWorkers(2);
        using var five = new CpuWorkers(5);
        using var run = new AdapterRun(one, AdapterCases.All[name]);
        using GuardedBuffer expected = run.Forward(one), ofTwo = run.Forward(two), ofFive = run.Forward(five);
        TensorAssert.SameBits(expected.Span, ofTwo.Span);
        TensorAssert.SameBits(expected.Span, ofFive.Span);
    }

    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_PictureAlone_HasTheBatchsBytes(string name)
    {
        AdapterCase sizes = AdapterCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer batch = run.Forward(workers);
        for (int i = 0; i < sizes.Layer.Batch; i++)
        {
            using GuardedBuffer alone = run.Forward(workers, i, 1);
            TensorAssert.SameBits(alone.Span, batch.Span.Slice(i * alone.Count, alone.Count));
        }
    }

    [Theory]
    [MemberData(nameof(AdapterCases.Names), MemberType = typeof(AdapterCases))]
    public void Adapter_MoreReserved_HasTheSameBytes(string name)
    {
        AdapterCase sizes = AdapterCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using var wide = new AdapterRun(workers, sizes with { Parts = [.. sizes.Parts.Select(part => part with { Reserved = part.Reserved + 350 })] });
        using GuardedBuffer expected = run.Forward(workers), actual = wide.Forward(workers);
        TensorAssert.SameBits(expected.Span, actual.Span);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(33)]
    public void Adapter_RankOfTheMoment_IsReadWhenTheProductRuns(int rank)
    {
        AdapterCase sizes = AdapterCases.All["q, k, v of 40"];
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer before = run.Forward(workers);
        run.SetRank(1, rank);
        using GuardedBuffer y = run.Forward(workers);
        TensorAssert.Close(run.Reference(), run.Compact(y), Tolerance.Reduction(sizes.Depth));
        run.SetRank(1, 33);
        using GuardedBuffer after = run.Forward(workers);
        TensorAssert.SameBits(before.Span, after.Span);
    }

    [Theory]
    [InlineData("q, k, v of 40", -1)]
    [InlineData("q, k, v of 40", 5)]
    [InlineData("winograd", 129)]
    public void Adapter_RankBeyondTheReserved_IsRefused(string name, int rank)
    {
        using var workers = new CpuWorkers(1);
        using var run = new AdapterRun(workers, AdapterCases.All[name]);
        run.SetRank(0, rank);
        ArgumentException error = Assert.Throws<ArgumentException>(() => run.Forward(workers));
        Assert.Contains($"rank is {rank}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 4, 8)]
    [InlineData(4, 4, 8)]
    [InlineData(4, 9, 8)]
    public void Range_OutsideOfTheOutputs_IsRefused(int first, int end, int outputs) =>
        Assert.Throws<ArgumentException>(() => new ColumnRange(first, end, outputs));

    // First column, end, outputs, gated, first panel, the panel after the last.
    [Theory]
    [InlineData(40, 80, 120, false, 1, 3)]
    [InlineData(31, 32, 33, false, 0, 1)]
    [InlineData(32, 33, 33, false, 1, 2)]
    [InlineData(0, 130, 130, true, 0, 5)]
    [InlineData(0, 16, 130, true, 0, 1)]
    [InlineData(17, 65, 130, true, 1, 5)]
    [InlineData(65, 82, 130, true, 0, 2)]
    [InlineData(81, 97, 130, true, 1, 2)]
    [InlineData(60, 70, 130, true, 0, 5)]
    public void Range_Panels_HoldItsRows(int first, int end, int outputs, bool isGated, int firstPanel, int endPanel)
    {
        var columns = new ColumnRange(first, end, outputs, isGated);
        Assert.Equal((firstPanel, endPanel), (columns.FirstPanel, columns.EndPanel));
        Assert.Equal(firstPanel, columns.Rows().Min() / PackedMatrix.PanelWidth);
        Assert.Equal(endPanel, (columns.Rows().Max() / PackedMatrix.PanelWidth) + 1);
    }

    private static bool IsChanged(AdapterCase sizes, int column) =>
        sizes.Parts.Any(part => part.Rank > 0 && column >= part.First && column < part.End)
            || sizes.Factors.Any(part => column >= part.First && column < part.End);

    private static void Check(AdapterCase sizes)
    {
        using var workers = new CpuWorkers(2);
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer y = run.Forward(workers);
        TensorAssert.Close(run.Reference(), run.Compact(y), Tolerance.Reduction(sizes.Depth));
    }
}

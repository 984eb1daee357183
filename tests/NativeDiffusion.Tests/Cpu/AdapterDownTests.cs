using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Products whose number of computed outputs is a run-time rank, times a factor for each picture and output.</summary>
public sealed unsafe class AdapterDownTests
{
    [Theory]
    [MemberData(nameof(DownCases.Names), MemberType = typeof(DownCases))]
    public void Down_Case_MatchesReference(string name)
    {
        DownCase sizes = DownCases.All[name];
        Check(sizes);
        Check(sizes with { Layer = sizes.Layer with { IsDirect = true } });
    }

    [Theory]
    [MemberData(nameof(DownCases.Names), MemberType = typeof(DownCases))]
    public void Down_AnyNumberOfThreads_HasTheSameBytes(string name)
    {
        using var one = new CpuWorkers(1);
        using var five = new CpuWorkers(5);
        using var run = new DownRun(one, DownCases.All[name]);
        using GuardedBuffer expected = run.Forward(one), actual = run.Forward(five);
        TensorAssert.SameBits(expected.Span, actual.Span);
    }

    [Theory]
    [InlineData("rank 33 of 128")]
    [InlineData("3x3, winograd")]
    [InlineData("3x3, stride 2")]
    public void Down_RankOfTheMoment_IsReadWhenTheProductRuns(string name)
    {
        DownCase sizes = DownCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new DownRun(workers, sizes);
        using GuardedBuffer more = run.Forward(workers);
        run.SetRank(3);
        using GuardedBuffer fewer = run.Forward(workers);
        int stride = sizes.Layer.Width + sizes.Layer.Gap;
        for (int i = 0; i < fewer.Count; i++)
        {
            if (i % stride < 3)
                TensorAssert.SameBits(more.Span.Slice(i, 1), fewer.Span.Slice(i, 1));
            else
                Assert.True(GuardedBuffer.IsSentinel(fewer.Span[i]));
        }
    }

    [Theory]
    [InlineData("rank 3 of 4", -1)]
    [InlineData("rank 3 of 4", 5)]
    [InlineData("3x3, winograd", 65)]
    public void Down_RankBeyondTheReserved_IsRefused(string name, int rank)
    {
        using var workers = new CpuWorkers(1);
        using var run = new DownRun(workers, DownCases.All[name]);
        run.SetRank(rank);
        ArgumentException error = Assert.Throws<ArgumentException>(() => run.Forward(workers));
        Assert.Contains($"rank is {rank}", error.Message, StringComparison.Ordinal);
    }

    // t computed by one product and used by the next equals the layer with the adapter merged into its weight.
    [Theory]
    [InlineData(40, 40, 80, 4)]
    [InlineData(33, 33, 66, 33)]
    public void DownAndUp_OfOneOfThreeJoinedLayers_AreTheMergedWeight(int channels, int first, int end, int rank)
    {
        const int Batch = 2, Rows = 13, Reserved = 64;
        const float Weight = 0.75f;
        int outputs = 3 * channels, count = end - first;
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(1, Batch * Rows * channels), bias = GuardedBuffer.Random(2, outputs);
        using GuardedBuffer w = GuardedBuffer.Random(3, outputs * channels, (float)(1 / Math.Sqrt(channels)));
        using GuardedBuffer down = GuardedBuffer.Random(4, rank * channels, (float)(1 / Math.Sqrt(channels)));
        using GuardedBuffer up = GuardedBuffer.Random(5, count * rank, (float)(1 / Math.Sqrt(rank)));
        using var packed = new PackedMatrix(outputs, 1, channels);
        using var packedDown = new PackedMatrix(Reserved, 1, channels);
        using var packedUp = new PackedMatrix(new ColumnRange(first, end, outputs), Reserved);
        packed.Fill(workers, w.Span, outputs, channels, 1, 1, 0, channels, []);
        packedDown.Fill(workers, down.Span, rank, channels, 1, 1, 0, channels, []);
        packedUp.Fill(workers, up.Span, count, rank, 1, 1, 0, rank, []);
        using GuardedBuffer t = new(Batch * Rows * Reserved), y = new(Batch * Rows * outputs), factor = GuardedBuffer.Of([.. Enumerable.Repeat(Weight, rank)]);
        int now = rank;

        Linear.Forward(
            workers, [GemmSegment.Matrix(x.Pointer, channels, channels, Rows, packedDown)],
            new GemmEpilogue { Rank = &now, ImageFactor = factor.Pointer }, t.Pointer, Reserved, Batch, Rows, Reserved);
        GemmSegment adapter = GemmSegment.Matrix(t.Pointer, Reserved, Reserved, Rows, packedUp);
        adapter.Rank = &now;
        Linear.Forward(
            workers, [GemmSegment.Matrix(x.Pointer, channels, channels, Rows, packed), adapter], new GemmEpilogue { Bias = bias.Pointer }, y.Pointer, outputs,
            Batch, Rows, outputs);

        double[] expected = LinearReference.Forward(x.Span, w.Span, bias.Span, Batch * Rows, channels, outputs);
        for (int row = 0; row < Batch * Rows; row++)
            for (int o = first; o < end; o++)
                for (int r = 0; r < rank; r++)
                    for (int i = 0; i < channels; i++)
                    {
                        double merged = (double)Weight * up.Span[((o - first) * rank) + r] * down.Span[(r * channels) + i];
                        expected[(row * outputs) + o] += merged * x.Span[(row * channels) + i];
                    }

        y.AssertIntact();
        TensorAssert.Close(expected, y.Span, Tolerance.Reduction(2 * channels + rank));
    }

    [Fact]
    public void Product_ThatBeginsWithAnAdapter_IsRefused()
    {
        using var workers = new CpuWorkers(1);
        using var up = new PackedMatrix(new ColumnRange(2, 4, 8), 4);
        using GuardedBuffer t = GuardedBuffer.Random(1, 4), y = new(8);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Linear.Forward(workers, [GemmSegment.Matrix(t.Pointer, 4, 4, 1, up)], default, y.Pointer, 8, 1, 8));
        Assert.Contains("after the layer's own segments", error.Message, StringComparison.Ordinal);
    }

    private static void Check(DownCase sizes)
    {
        using var workers = new CpuWorkers(2);
        using var run = new DownRun(workers, sizes);
        using GuardedBuffer y = run.Forward(workers);
        y.AssertIntact();
        double[] expected = run.Reference();
        int stride = sizes.Layer.Width + sizes.Layer.Gap, rank = sizes.Rank;
        var used = new float[sizes.Layer.Rows * rank];
        var expectedUsed = new double[used.Length];
        for (int row = 0; row < sizes.Layer.Rows; row++)
        {
            y.Span.Slice(row * stride, rank).CopyTo(used.AsSpan(row * rank));
            expected.AsSpan(row * sizes.Layer.Outputs, rank).CopyTo(expectedUsed.AsSpan(row * rank));
            foreach (float unused in y.Span.Slice((row * stride) + rank, stride - rank))
                Assert.True(GuardedBuffer.IsSentinel(unused), $"Something wrote beyond the rank in row {row}.");
        }

        TensorAssert.Close(expectedUsed, used, Tolerance.Reduction(sizes.Layer.Depth));
    }
}

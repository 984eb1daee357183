using NativeDiffusion.Cpu;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class CpuWorkersTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    [InlineData(4, 1000)]
    [InlineData(3, 0)]
    public void Run_Items_EachOnce(int threads, int items)
    {
        using var workers = new CpuWorkers(threads);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            var counts = new int[items];
            workers.Run(items, item => Interlocked.Increment(ref counts[item]));
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_BodyThrows_ReachesTheCallerAndLeavesTheWorkersUsable()
    {
        using var workers = new CpuWorkers(3);
        for (int repeat = 0; repeat < 20; repeat++)
            Assert.Throws<InvalidOperationException>(() => workers.Run(100, item => throw new InvalidOperationException($"{item}")));
        int sum = 0;
        workers.Run(100, item => Interlocked.Add(ref sum, item));
        Assert.Equal(4950, sum);
    }

    [Fact]
    public void Run_AfterDispose_Throws()
    {
        var workers = new CpuWorkers(2);
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.Run(1, _ => { }));
    }

    [Fact]
    public void Threads_Zero_IsOneForEachCore()
    {
        using var workers = new CpuWorkers(0);
        Assert.Equal(Environment.ProcessorCount, workers.Count);
    }
}

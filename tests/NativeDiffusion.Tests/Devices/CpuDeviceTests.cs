using NativeDiffusion.Devices;
using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

public sealed class CpuDeviceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_AnyNumberOfThreads_SameBytes(int threads) => Assert.Equal(Predict(1, 1, 0), Predict(threads, 1, 0));

    [Fact]
    public void Run_PictureOfABatch_SameBytesAsAlone()
    {
        float[] batch = Predict(2, 3, 0);
        int size = batch.Length / 3;
        for (int i = 0; i < 3; i++) Assert.Equal(Predict(2, 1, i), batch[(i * size)..((i + 1) * size)]);
    }

    [Fact]
    public void Run_Again_SameBytes()
    {
        using var device = new CpuDevice(2);
        using ICompiledPlan plan = device.Compile(SmallUNet.Plan(1, 8, 8));
        SmallUNet.SetInputs(plan, 1, 8, 8);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        float[] first = [.. plan.Get("out").Data];
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(first, plan.Get("out").Data);
    }

    [Fact]
    public void Run_CancelledInside_StopsAtOnceAndCanRunAgain()
    {
        using var device = new CpuDevice(2);
        using ICompiledPlan plan = device.Compile(SmallUNet.Plan(1, 9, 13));
        SmallUNet.SetInputs(plan, 1, 9, 13);
        using var source = new CancellationTokenSource();
        int done = 0;
        void CancelAtTen(Operation operation, TimeSpan time)
        {
            if (++done == 10) source.Cancel();
        }

        Assert.Throws<OperationCanceledException>(() => plan.Run(CancelAtTen, source.Token));
        Assert.Equal(10, done);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Predict(1, 1, 0), plan.Get("out").Data);
    }

    [Fact]
    public void Run_SameStableInput_SkipsThePrologue()
    {
        using var device = new CpuDevice(1);
        using ICompiledPlan plan = device.Compile(SmallUNet.Plan(1, 8, 8));
        SmallUNet.SetInputs(plan, 1, 8, 8);
        int Count()
        {
            int operations = 0;
            plan.Run((_, _) => operations++, TestContext.Current.CancellationToken);
            return operations;
        }

        int first = Count(), second = Count();
        Assert.True(second < first, $"{second} operations ran again, {first} at first");
        plan.Set("context", new float[7 * SmallUNet.ContextChannels]);
        Assert.Equal(first, Count());
    }

    [Fact]
    public void Set_WrongNameOrSize_SaysWhatThePlanHas()
    {
        using var device = new CpuDevice(1);
        using ICompiledPlan plan = device.Compile(SmallUNet.Plan(1, 8, 8));
        Assert.Contains("sample", Assert.Throws<ArgumentException>(() => plan.Set("latents", [1])).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 4, 8, 8]", Assert.Throws<ArgumentException>(() => plan.Set("sample", [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Device_GivesWeightsBack()
    {
        var device = new CpuDevice(1);
        device.Compile(SmallUNet.Plan(1, 8, 8)).Dispose();
        long one = device.WeightBytes;
        device.Compile(SmallUNet.Plan(2, 16, 8)).Dispose();
        Assert.Equal(one, device.WeightBytes);
        Assert.True(one > 0);
        device.Dispose();
        Assert.Equal(0, device.WeightBytes);
    }

    private static float[] Predict(int threads, int batch, int first)
    {
        using var device = new CpuDevice(threads);
        using ICompiledPlan plan = device.Compile(SmallUNet.Plan(batch, 9, 13));
        SmallUNet.SetInputs(plan, batch, 9, 13, first: first);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        return [.. plan.Get("out").Data];
    }
}

using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Cpu.Device;

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
        NetworkGraph network = SmallUNet.Graph(1, 8, 8);
        using ICompiledPlan plan = device.Compile(network.Graph);
        SmallUNet.SetInputs(plan, network);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        float[] first = plan.Output(network.Prediction).ToTensor().Data;
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(first, plan.Output(network.Prediction).ToTensor().Data);
    }

    [Fact]
    public void Run_CancelledInside_StopsAtOnceAndCanRunAgain()
    {
        using var device = new CpuDevice(2);
        NetworkGraph network = SmallUNet.Graph(1, 9, 13);
        using ICompiledPlan plan = device.Compile(network.Graph);
        SmallUNet.SetInputs(plan, network);
        using var source = new CancellationTokenSource();
        int done = 0;
        void CancelAtTen(OperationTiming timing)
        {
            if (++done == 10) source.Cancel();
        }

        Assert.Throws<OperationCanceledException>(() => plan.Run(CancelAtTen, source.Token));
        Assert.Equal(10, done);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Predict(1, 1, 0), plan.Output(network.Prediction).ToTensor().Data);
    }

    [Fact]
    public void Run_SameStableInput_SkipsThePrologue()
    {
        using var device = new CpuDevice(1);
        NetworkGraph network = SmallUNet.Graph(1, 8, 8);
        using ICompiledPlan plan = device.Compile(network.Graph);
        SmallUNet.SetInputs(plan, network);
        int Count()
        {
            int operations = 0;
            plan.Run(_ => operations++, TestContext.Current.CancellationToken);
            return operations;
        }

        int first = Count(), second = Count();
        Assert.True(second < first, $"{second} operations ran again, {first} at first");
        plan.Input(network.Context).CopyFrom(new float[7 * SmallUNet.ContextChannels]);
        Assert.Equal(first, Count());
    }

    // Prompts of 77 and 154 tokens alternately: each plan's keys and values survive the other's runs in the shared arena.
    [Fact]
    public void Run_PlansInTurns_KeepTheirPrologues()
    {
        using var device = new CpuDevice(2);
        NetworkGraph small = SmallUNet.Graph(2, 8, 8, tokens: 77), large = SmallUNet.Graph(2, 8, 8, tokens: 154);
        float[] expectedSmall = SmallUNet.Predict(device, small), expectedLarge = SmallUNet.Predict(device, large);
        using ICompiledPlan first = device.Compile(small.Graph), second = device.Compile(large.Graph);
        SmallUNet.SetInputs(first, small);
        SmallUNet.SetInputs(second, large);
        int operations = 0;
        for (int turn = 0; turn < 3; turn++)
        {
            first.Run(_ => operations++, TestContext.Current.CancellationToken);
            Assert.Equal(expectedSmall, first.Output(small.Prediction).ToTensor().Data);
            second.Run(_ => operations++, TestContext.Current.CancellationToken);
            Assert.Equal(expectedLarge, second.Output(large.Prediction).ToTensor().Data);
            // Another plan's output is also outside of the arena.
            Assert.Equal(expectedSmall, first.Output(small.Prediction).ToTensor().Data);
        }

        Plan placed = Plan.Place(Lowering.Lower(small.Graph, CpuDevice.Capabilities), device);
        Assert.Equal(2 * (placed.Prologue.Length + (3 * placed.Main.Length)), operations);
    }

    [Fact]
    public void Run_AfterALargerPlanCameAndWent_SameBytes()
    {
        using var device = new CpuDevice(2);
        NetworkGraph small = SmallUNet.Graph(1, 8, 8);
        using ICompiledPlan plan = device.Compile(small.Graph);
        SmallUNet.SetInputs(plan, small);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        float[] expected = plan.Output(small.Prediction).ToTensor().Data;
        long alone = device.Memory.Values;
        SmallUNet.Predict(device, SmallUNet.Graph(2, 24, 24));
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, plan.Output(small.Prediction).ToTensor().Data);
        Assert.Equal(alone, device.Memory.Values);
    }

    [Fact]
    public void Input_OfAnotherGraphOrSize_SaysWhatThePlanHas()
    {
        using var device = new CpuDevice(1);
        NetworkGraph network = SmallUNet.Graph(1, 8, 8), other = SmallUNet.Graph(1, 8, 8);
        using ICompiledPlan plan = device.Compile(network.Graph);
        Assert.Contains("sample", Assert.Throws<ArgumentException>(() => plan.Input(other.Sample)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => plan.Output(other.Prediction));
        Assert.Contains(
            "[1, 4, 8, 8]", Assert.Throws<ArgumentException>(() => plan.Input(network.Sample).CopyFrom([1])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "[1, 4, 8, 8]", Assert.Throws<ArgumentException>(() => plan.Input(network.Sample).CopyFrom(new float[256], 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyFrom_SampleBySample_EqualsAllAtOnce()
    {
        using var device = new CpuDevice(1);
        NetworkGraph network = SmallUNet.Graph(2, 8, 8);
        float[] expected = SmallUNet.Predict(device, network);
        using ICompiledPlan plan = device.Compile(network.Graph);
        SmallUNet.SetInputs(plan, network);
        float[] sample = Verification.RecipeTensors.Input("support.x", 2 * 256);
        plan.Input(network.Sample).CopyFrom(new float[512]);
        plan.Input(network.Sample).CopyFrom(sample.AsSpan(256), 1);
        plan.Input(network.Sample).CopyFrom(sample.AsSpan(0, 256), 0);
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        float[] second = new float[256];
        plan.Output(network.Prediction).CopyTo(second, 1);
        Assert.Equal(expected[256..], second);
    }

    [Fact]
    public void Release_OneOfTwoOwners_KeepsWhatTheOtherNeeds()
    {
        using var device = new CpuDevice(1);
        object one = new(), two = new();
        device.Compile(SmallUNet.Graph(1, 8, 8).Graph, one).Dispose();
        long weights = device.Memory.Weights;
        device.Compile(SmallUNet.Graph(2, 8, 8).Graph, two).Dispose();
        Assert.Equal(weights, device.Memory.Weights);
        device.Release(one);
        Assert.Equal(weights, device.Memory.Weights);
        device.Release(two);
        Assert.Equal(0, device.Memory.Held);
    }

    [Fact]
    public void Dispose_Device_ReleasesEverything()
    {
        var device = new CpuDevice(1);
        SmallUNet.Predict(device, SmallUNet.Graph(1, 8, 8));
        Assert.True(device.Memory.Weights > 0);
        device.Dispose();
        Assert.Equal(0, device.Memory.Held);
    }

    // Everything that the builder accepts runs: each operation alone, without fusion.
    [Fact]
    public void Run_OperationsByThemselves_AreAllThere()
    {
        using var device = new CpuDevice(2, DeviceCapabilities.None);
        var ops = new PlanBuilder();
        PlanInput<float> x = ops.Input("x", new TensorShape(2, 4, 3, 5)), row = ops.Input("row", new TensorShape(2, 4));
        PlanTensor big = ops.UpsampleNearest(ops.Add(x.Value, row.Value), 6, 7);
        PlanTensor both = ops.ConcatChannels(big, big);
        PlanOutput activated = ops.Output("activated", ops.Activate(both, Activation.GeGlu));
        PlanOutput gelu = ops.Output("gelu", ops.Activate(x.Value, Activation.Gelu));
        using ICompiledPlan plan = device.Compile(ops.Build());
        plan.Input(x).CopyFrom(Verification.RecipeTensors.Input("x", 120));
        plan.Input(row).CopyFrom(Verification.RecipeTensors.Input("row", 8));
        plan.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(plan.Output(activated).ToTensor().Data, value => Assert.True(float.IsFinite(value)));
        Assert.Contains(plan.Output(gelu).ToTensor().Data, value => value != 0);
    }

    private static float[] Predict(int threads, int batch, int first)
    {
        using var device = new CpuDevice(threads);
        return SmallUNet.Predict(device, SmallUNet.Graph(batch, 9, 13), first);
    }
}

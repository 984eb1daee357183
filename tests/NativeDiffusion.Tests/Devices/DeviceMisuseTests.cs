using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

/// <summary>What must be refused while a plan runs, or once its device is gone.</summary>
public sealed class DeviceMisuseTests
{
    private static readonly NetworkGraph s_network = SmallUNet.Graph(1, 8, 8);

    [Fact]
    public void Run_ObserverReleasesThePlan_Throws()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 2);
        using ICompiledPlan plan = device.Compile(s_network.Graph);
        SmallUNet.SetInputs(plan, s_network);
        Assert.Throws<InvalidOperationException>(() => plan.Run(_ => plan.Dispose(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Run_ObserverRunsAnotherPlan_Throws()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 2);
        using ICompiledPlan plan = device.Compile(s_network.Graph);
        NetworkGraph large = SmallUNet.Graph(1, 16, 16);
        using ICompiledPlan other = device.Compile(large.Graph);
        SmallUNet.SetInputs(plan, s_network);
        SmallUNet.SetInputs(other, large);
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Throws<InvalidOperationException>(() => plan.Run(_ => other.Run(cancellationToken: token), token));
        plan.Run(cancellationToken: token);
    }

    [Fact]
    public void Run_DeviceDisposed_ThrowsAndTakesNoMemory()
    {
        IComputeDevice device = ComputeDevices.Open("cpu", threads: 2);
        using ICompiledPlan plan = device.Compile(s_network.Graph);
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => plan.Run(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => device.Compile(s_network.Graph));
        Assert.Equal(0, device.Memory.Weights);
    }
}

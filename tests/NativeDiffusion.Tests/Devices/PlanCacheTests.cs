using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

public sealed class PlanCacheTests
{
    private int _described;

    [Fact]
    public void Get_SameKeyAgain_SamePlan()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        (NetworkGraph network, ICompiledPlan plan) = Get(device, this, 8);
        (NetworkGraph again, ICompiledPlan same) = Get(device, this, 8);
        Assert.Same(network, again);
        Assert.Same(plan, same);
        Assert.Equal(1, _described);
    }

    [Fact]
    public void Get_OtherOwnerOrSizes_OtherPlan()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        ICompiledPlan[] plans = [Get(device, this, 8).Plan, Get(device, new object(), 8).Plan, Get(device, this, 16).Plan];
        Assert.Equal(3, plans.Distinct().Count());
    }

    [Fact]
    public void Get_ManySizes_TheOldestGo()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        ICompiledPlan first = Get(device, this, 8).Plan;
        long one = device.Memory.Values;
        for (int i = 0; i < 40; i++) Get(device, this, 8 + 8 * (i % 20));
        Assert.Throws<ObjectDisposedException>(() => first.Run(cancellationToken: TestContext.Current.CancellationToken));
        device.Release(this);
        Assert.Equal(0, device.Memory.Held);
        Assert.True(one > 0);
    }

    private (NetworkGraph Described, ICompiledPlan Plan) Get(IComputeDevice device, object owner, int height) => device.Plans.Get(
        new PlanKey(owner, "unet", (1, height, 8, 7)),
        () =>
        {
            _described++;
            return SmallUNet.Graph(1, height, 8);
        },
        network => network.Graph,
        TestContext.Current.CancellationToken);
}

using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

public sealed class PlanCacheTests
{
    private int _described;

    [Fact]
    public void Lease_SameKeyAgain_SamePlan()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        NetworkGraph network;
        ICompiledPlan plan;
        using (PlanLease<NetworkGraph> lease = Lease(device, this, 8)) (network, plan) = (lease.Described, lease.Plan);
        using PlanLease<NetworkGraph> again = Lease(device, this, 8);
        Assert.Same(network, again.Described);
        Assert.Same(plan, again.Plan);
        Assert.Equal(1, _described);
    }

    [Fact]
    public void Lease_WhileAnotherUserHasThePlan_IsAnother()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        using PlanLease<NetworkGraph> one = Lease(device, this, 8), two = Lease(device, this, 8);
        Assert.NotSame(one.Plan, two.Plan);
    }

    [Fact]
    public void Lease_OtherOwnerOrSizes_OtherPlan()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        using PlanLease<NetworkGraph> one = Lease(device, this, 8), two = Lease(device, new object(), 8), three = Lease(device, this, 16);
        Assert.Equal(3, new[] { one.Plan, two.Plan, three.Plan }.Distinct().Count());
    }

    [Fact]
    public void Lease_ManySizes_TheOldestThatNobodyHasGo()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        using PlanLease<NetworkGraph> leased = Lease(device, this, 8);
        ICompiledPlan first;
        using (PlanLease<NetworkGraph> returned = Lease(device, this, 16)) first = returned.Plan;
        for (int i = 0; i < 40; i++) Lease(device, this, 24 + 8 * (i % 20)).Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Run(cancellationToken: TestContext.Current.CancellationToken));
        SmallUNet.SetInputs(leased.Plan, leased.Described);
        leased.Plan.Run(cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Release_WhileLeased_DisposesWhenReturned()
    {
        using IComputeDevice device = ComputeDevices.Open("cpu", threads: 1);
        PlanLease<NetworkGraph> leased = Lease(device, this, 8);
        device.Release(this);
        Assert.True(device.Memory.Values > 0);
        leased.Dispose();
        leased.Dispose();
        Assert.Equal(0, device.Memory.Held);
    }

    private PlanLease<NetworkGraph> Lease(IComputeDevice device, object owner, int height) => device.Plans.Lease(
        new PlanKey(owner, "unet", (1, height, 8, 7)),
        () =>
        {
            _described++;
            return SmallUNet.Graph(1, height, 8);
        },
        network => network.Graph,
        TestContext.Current.CancellationToken);
}

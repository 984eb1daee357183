using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

public sealed unsafe class MemoryTests
{
    [Theory]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Allocation_LiesAboveATerabyteAcrossFourGigabytes(int bytes)
    {
        using var session = new DriverSession();
        ulong start = session.Allocate(bytes).Value, end = start + (ulong)bytes - 1;
        Assert.True(start > 1UL << 40);
        Assert.NotEqual(start >> 32, end >> 32);
        Assert.Equal(256UL, start % 512);
    }

    /// <summary>At completion, not at submission.</summary>
    [Fact]
    public void CopiesAndFills_AreCountedByTheByte()
    {
        using var session = new DriverSession();
        CUdeviceptr source = session.Upload(1, 2), target = session.Allocate(16);
        Ok(session.Driver.cuMemsetD16Async(target, 7, 8, default));
        Ok(session.Driver.cuMemcpyDtoDAsync(target, source, 8, default));
        Assert.Equal(new CopyCounters(8, 0, 0, 0), session.Driver.Copies);
        Assert.Equal([1], session.Download(target, 1));
        Assert.Equal(new CopyCounters(8, 4, 8, 16), session.Driver.Copies);
    }

    [Fact]
    public void FreeTwice_IsRefusedAndFound()
    {
        using var session = new DriverSession();
        CUdeviceptr pointer = session.Allocate(16);
        Ok(session.Driver.cuMemFree(pointer));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemFree(pointer));
        Assert.Equal(FindingKind.UseAfterFree, Assert.Single(session.Driver.Findings).Kind);
    }

    [Fact]
    public void CopyOverTheEnd_IsRefusedAndFound()
    {
        using var session = new DriverSession();
        CUdeviceptr pointer = session.Allocate(16);
        byte* bytes = stackalloc byte[32];
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemcpyHtoD(pointer, bytes, 17));
        Assert.Equal(FindingKind.OutOfBounds, Assert.Single(session.Driver.Findings).Kind);
    }

    [Fact]
    public void MoreThanTheCardHas_IsOutOfMemory()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.T4 with { MemoryBytes = 1 << 20 }] });
        Assert.Equal(CUresult.CUDA_ERROR_OUT_OF_MEMORY, session.Driver.cuMemAlloc(out _, (1 << 20) + 1));
        CUdeviceptr half = session.Allocate(1 << 19);
        Ok(session.Driver.cuMemGetInfo(out nuint free, out nuint total));
        Assert.Equal(((nuint)1 << 19, (nuint)1 << 20), (free, total));
        Ok(session.Driver.cuMemFree(half));
        Ok(session.Driver.cuMemGetInfo(out free, out _));
        Assert.Equal((nuint)1 << 20, free);
    }

    [Fact]
    public void NothingGivenBack_IsFoundAtTheEnd()
    {
        using var session = new DriverSession();
        session.Allocate(16);
        session.Stream();
        session.Event();
        session.Load(SmallKernels.Add);
        Assert.Equal(4, session.Driver.FindLeaks().Count);
        Assert.All(session.Driver.Findings, finding => Assert.Equal(FindingKind.Leak, finding.Kind));
    }

    [Fact]
    public void EverythingGivenBack_LeavesNothing()
    {
        using var session = new DriverSession();
        CUdeviceptr pointer = session.Allocate(16);
        CUstream stream = session.Stream();
        Ok(session.Driver.cuMemFree(pointer));
        Ok(session.Driver.cuStreamDestroy(stream));
        Assert.Empty(session.Driver.FindLeaks());
        Ok(session.Driver.cuDevicePrimaryCtxRelease(new CUdevice(0)));
        Assert.Empty(session.Driver.Findings);
    }

    [Fact]
    public void MemoryOfAnotherDevice_NeedsPeerAccess()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.A100, DeviceModel.A100], Workers = 1 });
        Ok(session.Driver.cuDevicePrimaryCtxRetain(out CUcontext second, new CUdevice(1)));
        Ok(session.Driver.cuCtxPushCurrent(second));
        CUdeviceptr far = session.Upload(41);
        Ok(session.Driver.cuCtxPopCurrent(out _));
        CUdeviceptr near = session.Allocate(4);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        Ok(session.Driver.cuCtxEnablePeerAccess(second, 0));
        Ok(session.Launch(add, 1, 32, default, near, far, 1, 1));
        Assert.Equal([42], session.Download(near, 1));
        Ok(session.Driver.cuCtxDisablePeerAccess(second));
        Ok(session.Launch(add, 1, 32, default, near, far, 1, 1));
        Assert.Equal(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, session.Driver.cuCtxSynchronize());
    }
}

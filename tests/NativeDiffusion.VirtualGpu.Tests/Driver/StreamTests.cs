using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

public sealed unsafe class StreamTests
{
    [Fact]
    public void Launch_OverPages_ComputesAndCounts()
    {
        using var session = new DriverSession();
        CUdeviceptr source = session.Upload([.. Enumerable.Range(0, 1000)]), result = session.Allocate(4000);
        Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 4, 256, default, result, source, 7, 1000));
        Assert.Equal(Enumerable.Range(7, 1000), session.Download(result, 1000));
        Assert.Empty(session.Driver.Findings);
        LaunchCounters counters = Assert.Single(session.Driver.Launches);
        Assert.Equal(8000, counters.GlobalBytes);
        Assert.Equal(8000, counters.UniqueBytes);
        Assert.Equal(250, counters.Sectors);
        Assert.Equal(1, counters.DivergentBranches);
    }

    [Fact]
    public void CopyFromPinnedMemory_IsReadWhenTheStreamComesToIt()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUdeviceptr target = session.Allocate(4);
        int* pinned = session.Pinned(1);
        Ok(session.Driver.cuMemcpyHtoDAsync(target, pinned, 4, stream));
        *pinned = 2;
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([2], session.Download(target, 1));
    }

    [Fact]
    public void CopyFromPageableMemory_IsReadAtOnce()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUdeviceptr target = session.Allocate(4);
        int value = 1;
        Ok(session.Driver.cuMemcpyHtoDAsync(target, &value, 4, stream));
        value = 2;
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([1], session.Download(target, 1));
    }

    [Fact]
    public void CopyToPinnedMemory_ArrivesOnlyWhenWaitedFor()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUdeviceptr source = session.Upload(5);
        int* pinned = session.Pinned(1);
        Ok(session.Driver.cuMemcpyDtoHAsync(pinned, source, 4, stream));
        Assert.NotEqual(5, *pinned);
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal(5, *pinned);
    }

    [Fact]
    public void StreamWithoutEvent_DoesNotWaitForAnother()
    {
        using var session = new DriverSession();
        CUstream first = session.Stream(), second = session.Stream();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr source = session.Upload(1), middle = session.Upload(0), result = session.Allocate(4);
        Ok(session.Launch(add, 1, 32, first, middle, source, 10, 1));
        Ok(session.Launch(add, 1, 32, second, result, middle, 100, 1));
        Ok(session.Driver.cuStreamSynchronize(second));
        Assert.Equal([100], session.Download(result, 1));
    }

    /// <summary>Synchronizing the device does not order earlier work: streams may complete in any order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StreamsWithoutEvent_HaveNoOrder_WhereTheDeviceIsWaitedFor(bool isOtherWayAround)
    {
        using var session = new DriverSession();
        CUstream first = session.Stream(), second = session.Stream();
        if (isOtherWayAround) (first, second) = (second, first);
        CUdeviceptr source = session.Upload(1), result = session.Allocate(4);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        Ok(session.Driver.cuMemsetD32Async(source, 5, 1, first));
        Ok(session.Launch(add, 1, 32, second, result, source, 10, 1));
        Ok(session.Driver.cuCtxSynchronize());
        Assert.Equal([11], session.Download(result, 1));
    }

    [Fact]
    public void StreamThatWaitsForAnEvent_SeesWhatWasBeforeIt()
    {
        using var session = new DriverSession();
        CUstream first = session.Stream(), second = session.Stream();
        CUevent done = session.Event();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr source = session.Upload(1), middle = session.Upload(0), result = session.Allocate(4);
        Ok(session.Launch(add, 1, 32, first, middle, source, 10, 1));
        Ok(session.Driver.cuEventRecord(done, first));
        Ok(session.Driver.cuStreamWaitEvent(second, done, 0));
        Ok(session.Launch(add, 1, 32, second, result, middle, 100, 1));
        Ok(session.Driver.cuStreamSynchronize(second));
        Assert.Equal([111], session.Download(result, 1));
    }

    [Fact]
    public void EventOfAnotherDevice_CanBeWaitedFor_ButNotRecorded()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.A100, DeviceModel.A100] });
        CUevent here = session.Event();
        Ok(session.Driver.cuEventRecord(here, session.Stream()));
        Ok(session.Driver.cuDevicePrimaryCtxRetain(out CUcontext second, new CUdevice(1)));
        Ok(session.Driver.cuCtxPushCurrent(second));
        CUstream far = session.Stream();
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_HANDLE, session.Driver.cuEventRecord(here, far));
        Ok(session.Driver.cuStreamWaitEvent(far, here, 0));
        CUevent there = session.Event();
        Ok(session.Driver.cuEventRecord(there, far));
        Ok(session.Driver.cuStreamSynchronize(far));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_HANDLE, session.Driver.cuEventElapsedTime(out _, here, there));
    }

    [Fact]
    public void DefaultStream_KeepsOrderWithBlockingStreamsOnly()
    {
        using var session = new DriverSession();
        CUstream blocking = session.Stream(CUstream_flags.CU_STREAM_DEFAULT);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr source = session.Upload(1), middle = session.Upload(0), result = session.Allocate(4);
        Ok(session.Launch(add, 1, 32, blocking, middle, source, 10, 1));
        Ok(session.Launch(add, 1, 32, default, result, middle, 100, 1));
        Ok(session.Driver.cuStreamSynchronize(default));
        Assert.Equal([111], session.Download(result, 1));
    }

    [Fact]
    public void Query_SaysNotReadyForAWhile()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUevent done = session.Event();
        CUdeviceptr source = session.Upload(1), result = session.Allocate(4);
        Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, stream, result, source, 1, 1));
        Ok(session.Driver.cuEventRecord(done, stream));
        Assert.Equal(CUresult.CUDA_ERROR_NOT_READY, session.Driver.cuEventQuery(done));
        int asked = 1;
        while (session.Driver.cuEventQuery(done) == CUresult.CUDA_ERROR_NOT_READY) asked++;
        Assert.InRange(asked, 1, 10);
        Ok(session.Driver.cuStreamQuery(stream));
    }

    [Fact]
    public void CallWithoutContext_IsRefusedAndFound()
    {
        using var session = new DriverSession();
        CUresult result = default;
        var thread = new Thread(() => result = session.Driver.cuMemAlloc(out _, 16));
        thread.Start();
        thread.Join();
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_CONTEXT, result);
        Assert.Equal(FindingKind.NoContext, Assert.Single(session.Driver.Findings).Kind);
    }

    [Fact]
    public void MemoryFreedBeforeTheStreamComesToIt_IsFound()
    {
        using var session = new DriverSession();
        CUstream first = session.Stream(), second = session.Stream();
        CUdeviceptr source = session.Upload(1), result = session.Allocate(4);
        Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, first, result, source, 1, 1));
        Ok(session.Driver.cuMemFreeAsync(source, second));
        Ok(session.Driver.cuStreamSynchronize(second));
        Assert.Equal(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, session.Driver.cuStreamSynchronize(first));
        Assert.Equal(FindingKind.UseAfterFree, Assert.Single(session.Driver.Findings).Kind);
    }

    [Fact]
    public void BrokenContext_AnswersEveryCallWithItsError()
    {
        using var session = new DriverSession();
        CUdeviceptr source = session.Upload(1), result = session.Allocate(4);
        Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 64, default, result, source, 1, 2));
        Assert.Equal(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, session.Driver.cuCtxSynchronize());
        Assert.Equal(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, session.Driver.cuMemAlloc(out _, 4));
        Assert.NotEmpty(session.Driver.Findings);
        Assert.All(session.Driver.Findings, finding => Assert.Equal(FindingKind.OutOfBounds, finding.Kind));
    }
}

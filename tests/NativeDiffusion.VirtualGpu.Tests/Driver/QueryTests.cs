using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

/// <summary>Queries and settings of devices, contexts, memory and modules.</summary>
public sealed unsafe class QueryTests
{
    [Fact]
    public void Devices_AreToldApart()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.A100, DeviceModel.T4], Workers = 1 });
        byte* text = stackalloc byte[32];
        var ids = new HashSet<string>();
        var uuids = new HashSet<string>();
        for (int ordinal = 0; ordinal < 2; ordinal++)
        {
            Ok(session.Driver.cuDeviceGet(out CUdevice device, ordinal));
            Ok(session.Driver.cuDeviceGetPCIBusId(text, 32, device));
            string id = Marshal.PtrToStringUTF8((nint)text)!;
            Ok(session.Driver.cuDeviceGetByPCIBusId(out CUdevice found, id));
            Assert.Equal(device, found);
            Ok(session.Driver.cuDeviceGetUuid(out CUuuid uuid, device));
            ids.Add(id);
            uuids.Add(Convert.ToHexString(new ReadOnlySpan<byte>(&uuid, sizeof(CUuuid))));
        }

        Assert.Equal((2, 2), (ids.Count, uuids.Count));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuDeviceGetByPCIBusId(out _, "0000:77:00.0"));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_DEVICE, session.Driver.cuDeviceGet(out _, 2));
        Ok(session.Driver.cuDeviceCanAccessPeer(out int can, new CUdevice(0), new CUdevice(1)));
        Assert.Equal(1, can);
        Ok(session.Driver.cuDeviceCanAccessPeer(out can, new CUdevice(0), new CUdevice(0)));
        Assert.Equal(0, can);
    }

    [Fact]
    public void Contexts_AreOfTheThread_AndRememberTheirSettings()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.A100, DeviceModel.A100], Workers = 1 });
        Ok(session.Driver.cuDevicePrimaryCtxRetain(out CUcontext second, new CUdevice(1)));
        Ok(session.Driver.cuCtxSetCurrent(second));
        Ok(session.Driver.cuCtxGetCurrent(out CUcontext current));
        Ok(session.Driver.cuCtxGetDevice(out CUdevice device));
        Assert.Equal((second, new CUdevice(1)), (current, device));
        CUcontext elsewhere = second;
        var thread = new Thread(() => session.Driver.cuCtxGetCurrent(out elsewhere));
        thread.Start();
        thread.Join();
        Assert.Equal(default, elsewhere);

        Ok(session.Driver.cuDevicePrimaryCtxSetFlags(new CUdevice(1), CUctx_flags.CU_CTX_SCHED_BLOCKING_SYNC));
        Ok(session.Driver.cuDevicePrimaryCtxGetState(new CUdevice(1), out CUctx_flags flags, out int active));
        Assert.Equal((CUctx_flags.CU_CTX_SCHED_BLOCKING_SYNC, 1), (flags, active));
        Ok(session.Driver.cuCtxSetLimit(CUlimit.CU_LIMIT_STACK_SIZE, 4096));
        Ok(session.Driver.cuCtxGetLimit(out nuint limit, CUlimit.CU_LIMIT_STACK_SIZE));
        Assert.Equal((nuint)4096, limit);
    }

    [Fact]
    public void MemoryInStreamOrder_IsFreedWhenTheStreamComesToIt()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.T4 with { MemoryBytes = 1 << 20 }], Workers = 1 });
        CUstream stream = session.Stream();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr source = session.Upload(41), result = session.Upload(0);
        Ok(session.Driver.cuMemAllocAsync(out CUdeviceptr between, 1 << 19, stream));
        Ok(session.Launch(add, 1, 32, stream, between, source, 1, 1));
        Ok(session.Launch(add, 1, 32, stream, result, between, 1, 1));
        Ok(session.Driver.cuMemFreeAsync(between, stream));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemFreeAsync(between, stream));
        Assert.Equal(CUresult.CUDA_ERROR_OUT_OF_MEMORY, session.Driver.cuMemAllocAsync(out _, (1 << 19) + 1024, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([43], session.Download(result, 1));
        Ok(session.Driver.cuMemAllocAsync(out _, (1 << 19) + 1024, stream));

        Ok(session.Driver.cuDeviceGetDefaultMemPool(out CUmemoryPool pool, new CUdevice(0)));
        ulong value = 12345, read = 0;
        Ok(session.Driver.cuMemPoolSetAttribute(pool, CUmemPool_attribute.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &value));
        Ok(session.Driver.cuMemPoolGetAttribute(pool, CUmemPool_attribute.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &read));
        Assert.Equal(value, read);
        Ok(session.Driver.cuMemPoolTrimTo(pool, 0));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemPoolTrimTo(default, 0));
    }

    [Fact]
    public void HostMemory_CanBeRegistered_AndPointersSayWhatTheyAre()
    {
        using var session = new DriverSession();
        int* host = (int*)NativeMemory.AlignedAlloc(4096, 4096);
        Ok(session.Driver.cuMemHostRegister(host, 4096, 0));
        Assert.Equal(CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, session.Driver.cuMemHostRegister(host, 4096, 0));
        Ok(session.Driver.cuMemHostGetDevicePointer(out CUdeviceptr seen, host, 0));
        Assert.Equal((int)CUmemorytype.CU_MEMORYTYPE_HOST, Kind(seen));
        // As with pinned memory, the data is valid only after the copy in the stream.
        CUstream stream = session.Stream();
        CUdeviceptr source = session.Upload(5);
        Ok(session.Driver.cuMemcpyDtoHAsync(host, source, 4, stream));
        Assert.NotEqual(5, *host);
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal(5, *host);
        Ok(session.Driver.cuMemHostUnregister(host));
        Assert.Equal(CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, session.Driver.cuMemHostUnregister(host));
        NativeMemory.AlignedFree(host);

        CUdeviceptr memory = session.Allocate(100);
        Assert.Equal((int)CUmemorytype.CU_MEMORYTYPE_DEVICE, Kind(new CUdeviceptr(memory.Value + 50)));
        Ok(session.Driver.cuMemGetAddressRange(out CUdeviceptr start, out nuint size, new CUdeviceptr(memory.Value + 50)));
        Assert.Equal((memory, (nuint)100), (start, size));
        Ok(session.Driver.cuMemsetD16Async(memory, 0x1234, 2, default));
        Assert.Equal([0x12341234], session.Download(memory, 1));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemsetD16Async(new CUdeviceptr(memory.Value + 1), 0, 1, default));

        int Kind(CUdeviceptr pointer)
        {
            int kind;
            Ok(session.Driver.cuPointerGetAttribute(&kind, CUpointer_attribute.CU_POINTER_ATTRIBUTE_MEMORY_TYPE, pointer));
            return kind;
        }
    }

    [Fact]
    public void CopyToAPeer_NeedsTheContextOfEachSide()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.A100, DeviceModel.A100], Workers = 1 });
        Ok(session.Driver.cuDevicePrimaryCtxRetain(out CUcontext second, new CUdevice(1)));
        Ok(session.Driver.cuCtxPushCurrent(second));
        CUdeviceptr far = session.Upload(0);
        Ok(session.Driver.cuCtxPopCurrent(out _));
        CUdeviceptr near = session.Upload(7);
        Ok(session.Driver.cuMemcpyPeerAsync(far, second, near, session.Context, 4, default));
        Ok(session.Driver.cuCtxSynchronize());
        Assert.Equal([7], session.Download(far, 1));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuMemcpyPeerAsync(far, session.Context, near, second, 4, default));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_CONTEXT, session.Driver.cuMemcpyPeerAsync(far, default, near, session.Context, 4, default));
    }

    [Fact]
    public void CaptureModeOfAThread_LetsItAllocateWhileAnotherCaptures()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        CUstreamCaptureMode mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        Ok(session.Driver.cuThreadExchangeStreamCaptureMode(ref mode));
        Assert.Equal(CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL, mode);
        Ok(session.Driver.cuMemAlloc(out _, 16));
        Ok(session.Driver.cuThreadExchangeStreamCaptureMode(ref mode));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, session.Driver.cuMemAlloc(out _, 16));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, session.Driver.cuStreamEndCapture(stream, out _));
    }

    [Fact]
    public void Modules_TellTheirGlobalsAndNames()
    {
        using var session = new DriverSession();
        CUmodule module = session.Load(
            SmallKernels.Add.Replace(".visible", ".visible .global .align 4 .u32 table[3] = {7, 8, 9};\n.visible", StringComparison.Ordinal));
        Ok(session.Driver.cuModuleGetGlobal(out CUdeviceptr table, out nuint bytes, module, "table"));
        Assert.Equal((nuint)12, bytes);
        Assert.Equal([7, 8, 9], session.Download(table, 3));
        Assert.Equal(CUresult.CUDA_ERROR_NOT_FOUND, session.Driver.cuModuleGetGlobal(out _, out _, module, "nothing"));
        Assert.Equal(CUresult.CUDA_ERROR_NOT_FOUND, session.Driver.cuModuleGetFunction(out _, module, "nothing"));
        Ok(session.Driver.cuModuleGetFunction(out CUfunction add, module, "add"));
        Ok(session.Driver.cuFuncGetName(out byte* name, add));
        Assert.Equal("add", Marshal.PtrToStringUTF8((nint)name));
        Ok(session.Driver.cuFuncLoad(add));
    }

    /// <summary>A module still loads: its other kernels may be usable.</summary>
    [Fact]
    public void InstructionThatIsNotKnown_IsRefusedWithItsKernel()
    {
        using var session = new DriverSession();
        CUmodule module = session.Load(SmallKernels.Add + "\n.visible .entry other()\n{\nnonsense.u32 %r1, 1;\nret;\n}\n");
        Ok(session.Driver.cuModuleGetFunction(out _, module, "add"));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_PTX, session.Driver.cuModuleGetFunction(out _, module, "other"));
        Assert.Contains("nonsense", Assert.Single(session.Driver.Findings).Message, StringComparison.Ordinal);
    }

    /// <summary>The largest size that allows a number of resident blocks on a multiprocessor, to the byte.</summary>
    [Theory]
    [InlineData(80, 1)]
    [InlineData(80, 3)]
    [InlineData(75, 2)]
    [InlineData(90, 2)]
    [InlineData(120, 4)]
    public void SharedMemoryForANumberOfBlocks_IsTheMostThatHoldsThem(int architecture, int blocks)
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.Of(architecture)], Workers = 1 });
        CUfunction add = session.Function(SmallKernels.Add, "add");
        Ok(session.Driver.cuOccupancyAvailableDynamicSMemPerBlock(out nuint bytes, add, blocks, 128));
        Ok(session.Driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(out int most, add, 128, bytes));
        Assert.True(most >= blocks, $"{most} blocks of {bytes} bytes");
        Ok(session.Driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(out most, add, 128, bytes + 1));
        Assert.True(most < blocks, $"{most} blocks of {bytes + 1} bytes");
    }

    /// <summary>Tensor maps are declared only; the virtual GPU does not implement TMA, and reports it.</summary>
    [Fact]
    public void TensorMaps_AreNotThereYet()
    {
        using var session = new DriverSession();
        CUtensorMap map;
        Assert.Equal(
            CUresult.CUDA_ERROR_NOT_SUPPORTED, session.Driver.cuTensorMapEncodeTiled(
            &map, default, 2, null, null, null, null, null, default, default, default, default));
        Assert.Equal(
            CUresult.CUDA_ERROR_NOT_SUPPORTED, session.Driver.cuTensorMapEncodeIm2col(
            &map, default, 4, null, null, null, null, null, 1, 1, null, default, default, default, default));
    }
}

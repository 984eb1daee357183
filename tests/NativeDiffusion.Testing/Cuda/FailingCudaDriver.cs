using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>
/// A driver before another one: it is asked before each call, and what it answers then takes the place of the call. So the n-th call
/// of a session can be made to fail, or every load of a cubin. Counts the calls.
/// </summary>
/// <param name="inner">The driver that does the work.</param>
internal sealed unsafe partial class FailingCudaDriver(ICudaDriver inner) : ICudaDriver
{
    private int _calls;

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Asked before each call with the function's name and the call's number, from 1; null lets it through.</summary>
    public Func<string, int, CUresult?>? Rule { get; set; }

    /// <summary>What modules were loaded from, in order: <c>code</c>, or <c>PTX of sm_80</c>.</summary>
    public List<string> Images { get; } = [];

    /// <summary>The call that was answered in the driver's place last, or null.</summary>
    public string? Failed { get; private set; }

    public CUresult cuInit(uint Flags) =>
        Fails(out CUresult status) ? status : inner.cuInit(Flags);

    public CUresult cuDriverGetVersion(out int driverVersion)
    {
        driverVersion = default;
        return Fails(out CUresult status) ? status : inner.cuDriverGetVersion(out driverVersion);
    }

    public CUresult cuGetErrorName(CUresult error, out byte* pStr)
    {
        pStr = default;
        return Fails(out CUresult status) ? status : inner.cuGetErrorName(error, out pStr);
    }

    public CUresult cuGetErrorString(CUresult error, out byte* pStr)
    {
        pStr = default;
        return Fails(out CUresult status) ? status : inner.cuGetErrorString(error, out pStr);
    }

    public CUresult cuDeviceGetCount(out int count)
    {
        count = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGetCount(out count);
    }

    public CUresult cuDeviceGet(out CUdevice device, int ordinal)
    {
        device = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGet(out device, ordinal);
    }

    public CUresult cuDeviceGetByPCIBusId(out CUdevice dev, string pciBusId)
    {
        dev = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGetByPCIBusId(out dev, pciBusId);
    }

    public CUresult cuDeviceGetName(byte* name, int len, CUdevice dev) =>
        Fails(out CUresult status) ? status : inner.cuDeviceGetName(name, len, dev);

    public CUresult cuDeviceGetAttribute(out int pi, CUdevice_attribute attrib, CUdevice dev)
    {
        pi = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGetAttribute(out pi, attrib, dev);
    }

    public CUresult cuDeviceTotalMem(out nuint bytes, CUdevice dev)
    {
        bytes = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceTotalMem(out bytes, dev);
    }

    public CUresult cuDeviceGetUuid(out CUuuid uuid, CUdevice dev)
    {
        uuid = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGetUuid(out uuid, dev);
    }

    public CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, CUdevice dev) =>
        Fails(out CUresult status) ? status : inner.cuDeviceGetPCIBusId(pciBusId, len, dev);

    public CUresult cuDeviceCanAccessPeer(out int canAccessPeer, CUdevice dev, CUdevice peerDev)
    {
        canAccessPeer = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceCanAccessPeer(out canAccessPeer, dev, peerDev);
    }

    public CUresult cuDevicePrimaryCtxRetain(out CUcontext pctx, CUdevice dev)
    {
        pctx = default;
        return Fails(out CUresult status) ? status : inner.cuDevicePrimaryCtxRetain(out pctx, dev);
    }

    public CUresult cuDevicePrimaryCtxRelease(CUdevice dev) =>
        Fails(out CUresult status) ? status : inner.cuDevicePrimaryCtxRelease(dev);

    public CUresult cuDevicePrimaryCtxGetState(CUdevice dev, out CUctx_flags flags, out int active)
    {
        flags = default;
        active = default;
        return Fails(out CUresult status) ? status : inner.cuDevicePrimaryCtxGetState(dev, out flags, out active);
    }

    public CUresult cuDevicePrimaryCtxSetFlags(CUdevice dev, CUctx_flags flags) =>
        Fails(out CUresult status) ? status : inner.cuDevicePrimaryCtxSetFlags(dev, flags);

    public CUresult cuCtxSetCurrent(CUcontext ctx) =>
        Fails(out CUresult status) ? status : inner.cuCtxSetCurrent(ctx);

    public CUresult cuCtxGetCurrent(out CUcontext pctx)
    {
        pctx = default;
        return Fails(out CUresult status) ? status : inner.cuCtxGetCurrent(out pctx);
    }

    public CUresult cuCtxPushCurrent(CUcontext ctx) =>
        Fails(out CUresult status) ? status : inner.cuCtxPushCurrent(ctx);

    public CUresult cuCtxPopCurrent(out CUcontext pctx)
    {
        pctx = default;
        return Fails(out CUresult status) ? status : inner.cuCtxPopCurrent(out pctx);
    }

    public CUresult cuCtxSynchronize() =>
        Fails(out CUresult status) ? status : inner.cuCtxSynchronize();

    public CUresult cuCtxGetDevice(out CUdevice device)
    {
        device = default;
        return Fails(out CUresult status) ? status : inner.cuCtxGetDevice(out device);
    }

    public CUresult cuCtxSetLimit(CUlimit limit, nuint value) =>
        Fails(out CUresult status) ? status : inner.cuCtxSetLimit(limit, value);

    public CUresult cuCtxGetLimit(out nuint pvalue, CUlimit limit)
    {
        pvalue = default;
        return Fails(out CUresult status) ? status : inner.cuCtxGetLimit(out pvalue, limit);
    }

    public CUresult cuCtxEnablePeerAccess(CUcontext peerContext, uint Flags) =>
        Fails(out CUresult status) ? status : inner.cuCtxEnablePeerAccess(peerContext, Flags);

    public CUresult cuCtxDisablePeerAccess(CUcontext peerContext) =>
        Fails(out CUresult status) ? status : inner.cuCtxDisablePeerAccess(peerContext);

    public CUresult cuMemGetInfo(out nuint free, out nuint total)
    {
        free = default;
        total = default;
        return Fails(out CUresult status) ? status : inner.cuMemGetInfo(out free, out total);
    }

    public CUresult cuMemAlloc(out CUdeviceptr dptr, nuint bytesize)
    {
        dptr = default;
        return Fails(out CUresult status) ? status : inner.cuMemAlloc(out dptr, bytesize);
    }

    public CUresult cuMemFree(CUdeviceptr dptr) =>
        Fails(out CUresult status) ? status : inner.cuMemFree(dptr);

    public CUresult cuMemAllocAsync(out CUdeviceptr dptr, nuint bytesize, CUstream hStream)
    {
        dptr = default;
        return Fails(out CUresult status) ? status : inner.cuMemAllocAsync(out dptr, bytesize, hStream);
    }

    public CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemFreeAsync(dptr, hStream);

    public CUresult cuDeviceGetDefaultMemPool(out CUmemoryPool pool_out, CUdevice dev)
    {
        pool_out = default;
        return Fails(out CUresult status) ? status : inner.cuDeviceGetDefaultMemPool(out pool_out, dev);
    }

    public CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) =>
        Fails(out CUresult status) ? status : inner.cuMemPoolSetAttribute(pool, attr, value);

    public CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) =>
        Fails(out CUresult status) ? status : inner.cuMemPoolGetAttribute(pool, attr, value);

    public CUresult cuMemPoolTrimTo(CUmemoryPool pool, nuint minBytesToKeep) =>
        Fails(out CUresult status) ? status : inner.cuMemPoolTrimTo(pool, minBytesToKeep);

    public CUresult cuMemHostAlloc(out void* pp, nuint bytesize, CUmemhostalloc_flags Flags)
    {
        pp = default;
        return Fails(out CUresult status) ? status : inner.cuMemHostAlloc(out pp, bytesize, Flags);
    }

    public CUresult cuMemFreeHost(void* p) =>
        Fails(out CUresult status) ? status : inner.cuMemFreeHost(p);

    public CUresult cuMemHostRegister(void* p, nuint bytesize, uint Flags) =>
        Fails(out CUresult status) ? status : inner.cuMemHostRegister(p, bytesize, Flags);

    public CUresult cuMemHostUnregister(void* p) =>
        Fails(out CUresult status) ? status : inner.cuMemHostUnregister(p);

    public CUresult cuMemHostGetDevicePointer(out CUdeviceptr pdptr, void* p, uint Flags)
    {
        pdptr = default;
        return Fails(out CUresult status) ? status : inner.cuMemHostGetDevicePointer(out pdptr, p, Flags);
    }

    public CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr) =>
        Fails(out CUresult status) ? status : inner.cuPointerGetAttribute(data, attribute, ptr);

    public CUresult cuMemGetAddressRange(out CUdeviceptr pbase, out nuint psize, CUdeviceptr dptr)
    {
        pbase = default;
        psize = default;
        return Fails(out CUresult status) ? status : inner.cuMemGetAddressRange(out pbase, out psize, dptr);
    }

    public CUresult cuMemcpyHtoD(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyHtoD(dstDevice, srcHost, ByteCount);

    public CUresult cuMemcpyDtoH(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyDtoH(dstHost, srcDevice, ByteCount);

    public CUresult cuMemcpyHtoDAsync(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyHtoDAsync(dstDevice, srcHost, ByteCount, hStream);

    public CUresult cuMemcpyDtoHAsync(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyDtoHAsync(dstHost, srcDevice, ByteCount, hStream);

    public CUresult cuMemcpyDtoDAsync(CUdeviceptr dstDevice, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyDtoDAsync(dstDevice, srcDevice, ByteCount, hStream);

    public CUresult cuMemcpyPeerAsync(
        CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyPeerAsync(dstDevice, dstContext, srcDevice, srcContext, ByteCount, hStream);

    public CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD8Async(dstDevice, uc, N, hStream);

    public CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD16Async(dstDevice, us, N, hStream);

    public CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD32Async(dstDevice, ui, N, hStream);

    private bool Fails(out CUresult status, [CallerMemberName] string name = "")
    {
        int number = Interlocked.Increment(ref _calls);
        CUresult? answer = Rule?.Invoke(name, number);
        status = answer.GetValueOrDefault();
        if (answer is not null)
            Failed = name;
        return answer is not null;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every native signature is blittable: no implicit marshalling.
[assembly: DisableRuntimeMarshalling]
// The library search of Cuda.Driver has precedence; unresolved names go to the platform's safe search directories.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace NativeDiffusion.Cuda.Interop;

/// <summary>
/// The CUDA driver API: declarations only, each under the symbol that the library exports (header names are macros for the _v2
/// and _v3 ones). Called by <see cref="Driver.NativeCudaDriver"/> alone; a test compares them with the header.
/// </summary>
internal static unsafe partial class NvCuda
{
    public const string Library = "nvcuda";

    // The driver itself.
    [LibraryImport(Library)]
    public static partial CUresult cuInit(uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuDriverGetVersion(out int driverVersion);
    [LibraryImport(Library)]
    public static partial CUresult cuGetErrorName(CUresult error, out byte* pStr);
    [LibraryImport(Library)]
    public static partial CUresult cuGetErrorString(CUresult error, out byte* pStr);

    // Devices.
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetCount(out int count);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGet(out CUdevice device, int ordinal);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuDeviceGetByPCIBusId(out CUdevice dev, string pciBusId);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetName(byte* name, int len, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetAttribute(out int pi, CUdevice_attribute attrib, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceTotalMem_v2(out nuint bytes, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetUuid_v2(out CUuuid uuid, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceCanAccessPeer(out int canAccessPeer, CUdevice dev, CUdevice peerDev);

    // Contexts: the primary one of a device, shared with other users in the process.
    [LibraryImport(Library)]
    public static partial CUresult cuDevicePrimaryCtxRetain(out CUcontext pctx, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDevicePrimaryCtxRelease_v2(CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuDevicePrimaryCtxGetState(CUdevice dev, out CUctx_flags flags, out int active);
    [LibraryImport(Library)]
    public static partial CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice dev, CUctx_flags flags);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxSetCurrent(CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxGetCurrent(out CUcontext pctx);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxPushCurrent_v2(CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxPopCurrent_v2(out CUcontext pctx);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxSynchronize();
    [LibraryImport(Library)]
    public static partial CUresult cuCtxGetDevice(out CUdevice device);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxSetLimit(CUlimit limit, nuint value);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxGetLimit(out nuint pvalue, CUlimit limit);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxEnablePeerAccess(CUcontext peerContext, uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuCtxDisablePeerAccess(CUcontext peerContext);

    // Memory.
    [LibraryImport(Library)]
    public static partial CUresult cuMemGetInfo_v2(out nuint free, out nuint total);
    [LibraryImport(Library)]
    public static partial CUresult cuMemAlloc_v2(out CUdeviceptr dptr, nuint bytesize);
    [LibraryImport(Library)]
    public static partial CUresult cuMemFree_v2(CUdeviceptr dptr);
    [LibraryImport(Library)]
    public static partial CUresult cuMemAllocAsync(out CUdeviceptr dptr, nuint bytesize, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuDeviceGetDefaultMemPool(out CUmemoryPool pool_out, CUdevice dev);
    [LibraryImport(Library)]
    public static partial CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value);
    [LibraryImport(Library)]
    public static partial CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value);
    [LibraryImport(Library)]
    public static partial CUresult cuMemPoolTrimTo(CUmemoryPool pool, nuint minBytesToKeep);
    [LibraryImport(Library)]
    public static partial CUresult cuMemHostAlloc(out void* pp, nuint bytesize, CUmemhostalloc_flags Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuMemFreeHost(void* p);
    [LibraryImport(Library)]
    public static partial CUresult cuMemHostRegister_v2(void* p, nuint bytesize, uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuMemHostUnregister(void* p);
    [LibraryImport(Library)]
    public static partial CUresult cuMemHostGetDevicePointer_v2(out CUdeviceptr pdptr, void* p, uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr);
    [LibraryImport(Library)]
    public static partial CUresult cuMemGetAddressRange_v2(out CUdeviceptr pbase, out nuint psize, CUdeviceptr dptr);

    // Copies and fills.
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyHtoD_v2(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount);
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyDtoH_v2(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount);
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyDtoHAsync_v2(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemcpyPeerAsync(
        CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream);
}

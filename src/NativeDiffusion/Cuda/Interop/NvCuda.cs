using System.Runtime.InteropServices;

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

    // Contexts: the primary one of a device, shared with everyone else in the process.
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

    // Streams.
    [LibraryImport(Library)]
    public static partial CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamDestroy_v2(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamSynchronize(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamQuery(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus);
    [LibraryImport(Library)]
    public static partial CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode);

    // Events.
    [LibraryImport(Library)]
    public static partial CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuEventRecord(CUevent hEvent, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuEventSynchronize(CUevent hEvent);
    [LibraryImport(Library)]
    public static partial CUresult cuEventQuery(CUevent hEvent);
    [LibraryImport(Library)]
    public static partial CUresult cuEventElapsedTime_v2(out float pMilliseconds, CUevent hStart, CUevent hEnd);
    [LibraryImport(Library)]
    public static partial CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd);
    [LibraryImport(Library)]
    public static partial CUresult cuEventDestroy_v2(CUevent hEvent);

    // Modules and functions.
    [LibraryImport(Library)]
    public static partial CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues);
    [LibraryImport(Library)]
    public static partial CUresult cuModuleUnload(CUmodule hmod);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuModuleGetGlobal_v2(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncLoad(CUfunction function);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetName(out byte* name, CUfunction hfunc);
    [LibraryImport(Library)]
    public static partial CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(
        out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize);
    [LibraryImport(Library)]
    public static partial CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize);

    // Launches.
    [LibraryImport(Library)]
    public static partial CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes,
        CUstream hStream, void** kernelParams, void** extra);
    [LibraryImport(Library)]
    public static partial CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra);

    // Graphs.
    [LibraryImport(Library)]
    public static partial CUresult cuGraphCreate(out CUgraph phGraph, uint flags);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphDestroy(CUgraph hGraph);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddKernelNode_v2(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddMemsetNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies,
        in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddMemcpyNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddChildGraphNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, CUgraph childGraph);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddEmptyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddDependencies_v2(
        CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, nuint numDependencies);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphAddDependencies(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, nuint numDependencies);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode* nodes, ref nuint numNodes);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphGetEdges_v2(
        CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, ref nuint numEdges);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, ref nuint numEdges);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphNodeGetDependencies_v2(
        CUgraphNode hNode, CUgraphNode* dependencies, CUgraphEdgeData* edgeData, ref nuint numDependencies);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode* dependencies, ref nuint numDependencies);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphNodeGetType(CUgraphNode hNode, out CUgraphNodeType type);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphKernelNodeGetParams_v2(CUgraphNode hNode, out CUDA_KERNEL_NODE_PARAMS nodeParams);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUlaunchAttributeID attr, in CUlaunchAttributeValue value);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuGraphDebugDotPrint(CUgraph hGraph, string path, CUgraphDebugDot_flags flags);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphInstantiateWithFlags(out CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphExecDestroy(CUgraphExec hGraphExec);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphExecKernelNodeSetParams_v2(
        CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_KERNEL_NODE_PARAMS nodeParams);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphExecMemsetNodeSetParams(
        CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphExecMemcpyNodeSetParams(
        CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMCPY3D copyParams, CUcontext ctx);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphExecUpdate_v2(CUgraphExec hGraphExec, CUgraph hGraph, out CUgraphExecUpdateResultInfo resultInfo);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream);

    // Tensor maps.
    [LibraryImport(Library)]
    public static partial CUresult cuTensorMapEncodeTiled(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, uint* boxDim, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
        CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill);
    [LibraryImport(Library)]
    public static partial CUresult cuTensorMapEncodeIm2col(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn,
        uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion,
        CUtensorMapFloatOOBfill oobFill);
}

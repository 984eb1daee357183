using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// The CUDA driver's functions that the engine uses, one to one: same names, same parameters, same statuses. Implemented by
/// NVIDIA's driver, the virtual GPU, and the fault-injecting drivers of the tests; all code above is the same on each.
/// Thread-safe as the driver itself is: the current context belongs to the calling thread.
/// A function that a driver lacks returns CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER when it is called.
/// </summary>
public unsafe interface ICudaDriver
{
    // The driver itself.
    CUresult cuInit(uint Flags);
    CUresult cuDriverGetVersion(out int driverVersion);
    CUresult cuGetErrorName(CUresult error, out byte* pStr);
    CUresult cuGetErrorString(CUresult error, out byte* pStr);

    // Devices.
    CUresult cuDeviceGetCount(out int count);
    CUresult cuDeviceGet(out CUdevice device, int ordinal);
    CUresult cuDeviceGetByPCIBusId(out CUdevice dev, string pciBusId);
    CUresult cuDeviceGetName(byte* name, int len, CUdevice dev);
    CUresult cuDeviceGetAttribute(out int pi, CUdevice_attribute attrib, CUdevice dev);
    CUresult cuDeviceTotalMem(out nuint bytes, CUdevice dev);
    CUresult cuDeviceGetUuid(out CUuuid uuid, CUdevice dev);
    CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, CUdevice dev);
    CUresult cuDeviceCanAccessPeer(out int canAccessPeer, CUdevice dev, CUdevice peerDev);

    // Contexts: the primary one of a device, shared with other users in the process.
    CUresult cuDevicePrimaryCtxRetain(out CUcontext pctx, CUdevice dev);
    CUresult cuDevicePrimaryCtxRelease(CUdevice dev);
    CUresult cuDevicePrimaryCtxGetState(CUdevice dev, out CUctx_flags flags, out int active);
    CUresult cuDevicePrimaryCtxSetFlags(CUdevice dev, CUctx_flags flags);
    CUresult cuCtxSetCurrent(CUcontext ctx);
    CUresult cuCtxGetCurrent(out CUcontext pctx);
    CUresult cuCtxPushCurrent(CUcontext ctx);
    CUresult cuCtxPopCurrent(out CUcontext pctx);
    CUresult cuCtxSynchronize();
    CUresult cuCtxGetDevice(out CUdevice device);
    CUresult cuCtxSetLimit(CUlimit limit, nuint value);
    CUresult cuCtxGetLimit(out nuint pvalue, CUlimit limit);
    CUresult cuCtxEnablePeerAccess(CUcontext peerContext, uint Flags);
    CUresult cuCtxDisablePeerAccess(CUcontext peerContext);

    // Memory.
    CUresult cuMemGetInfo(out nuint free, out nuint total);
    CUresult cuMemAlloc(out CUdeviceptr dptr, nuint bytesize);
    CUresult cuMemFree(CUdeviceptr dptr);
    CUresult cuMemAllocAsync(out CUdeviceptr dptr, nuint bytesize, CUstream hStream);
    CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream);
    CUresult cuDeviceGetDefaultMemPool(out CUmemoryPool pool_out, CUdevice dev);
    CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value);
    CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value);
    CUresult cuMemPoolTrimTo(CUmemoryPool pool, nuint minBytesToKeep);
    CUresult cuMemHostAlloc(out void* pp, nuint bytesize, CUmemhostalloc_flags Flags);
    CUresult cuMemFreeHost(void* p);
    CUresult cuMemHostRegister(void* p, nuint bytesize, uint Flags);
    CUresult cuMemHostUnregister(void* p);
    CUresult cuMemHostGetDevicePointer(out CUdeviceptr pdptr, void* p, uint Flags);
    CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr);
    CUresult cuMemGetAddressRange(out CUdeviceptr pbase, out nuint psize, CUdeviceptr dptr);

    // Copies and fills.
    CUresult cuMemcpyHtoD(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount);
    CUresult cuMemcpyDtoH(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount);
    CUresult cuMemcpyHtoDAsync(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount, CUstream hStream);
    CUresult cuMemcpyDtoHAsync(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream);
    CUresult cuMemcpyDtoDAsync(CUdeviceptr dstDevice, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream);
    CUresult cuMemcpyPeerAsync(
        CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream);
    CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream);
    CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream);
    CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream);

    // Streams.
    CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority);
    CUresult cuStreamDestroy(CUstream hStream);
    CUresult cuStreamSynchronize(CUstream hStream);
    CUresult cuStreamQuery(CUstream hStream);
    CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags);
    CUresult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode);
    CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph);
    CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus);
    CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode);

    // Events.
    CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags);
    CUresult cuEventRecord(CUevent hEvent, CUstream hStream);
    CUresult cuEventSynchronize(CUevent hEvent);
    CUresult cuEventQuery(CUevent hEvent);
    CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd);
    CUresult cuEventDestroy(CUevent hEvent);

    // Modules and functions.
    CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues);
    CUresult cuModuleUnload(CUmodule hmod);
    CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name);
    CUresult cuModuleGetGlobal(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name);
    CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc);
    CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value);
    CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize);
    CUresult cuFuncLoad(CUfunction function);
    CUresult cuFuncGetName(out byte* name, CUfunction hfunc);
    CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize);
    CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize);

    // Launches.
    CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes,
        CUstream hStream, void** kernelParams, void** extra);
    CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra);

    // Graphs.
    CUresult cuGraphCreate(out CUgraph phGraph, uint flags);
    CUresult cuGraphDestroy(CUgraph hGraph);
    CUresult cuGraphAddKernelNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams);
    CUresult cuGraphAddMemsetNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies,
        in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx);
    CUresult cuGraphAddMemcpyNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx);
    CUresult cuGraphAddChildGraphNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, CUgraph childGraph);
    CUresult cuGraphAddEmptyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies);
    CUresult cuGraphAddDependencies(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, nuint numDependencies);
    CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode* nodes, ref nuint numNodes);
    CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, ref nuint numEdges);
    CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode* dependencies, CUgraphEdgeData* edgeData, ref nuint numDependencies);
    CUresult cuGraphNodeGetType(CUgraphNode hNode, out CUgraphNodeType type);
    CUresult cuGraphKernelNodeGetParams(CUgraphNode hNode, out CUDA_KERNEL_NODE_PARAMS nodeParams);
    CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUlaunchAttributeID attr, in CUlaunchAttributeValue value);
    CUresult cuGraphDebugDotPrint(CUgraph hGraph, string path, CUgraphDebugDot_flags flags);
    CUresult cuGraphInstantiate(out CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags);
    CUresult cuGraphExecDestroy(CUgraphExec hGraphExec);
    CUresult cuGraphExecKernelNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_KERNEL_NODE_PARAMS nodeParams);
    CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx);
    CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMCPY3D copyParams, CUcontext ctx);
    CUresult cuGraphExecUpdate(CUgraphExec hGraphExec, CUgraph hGraph, out CUgraphExecUpdateResultInfo resultInfo);
    CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream);
    CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream);

    // Tensor maps.
    CUresult cuTensorMapEncodeTiled(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, uint* boxDim, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
        CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill);
    CUresult cuTensorMapEncodeIm2col(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn,
        uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion,
        CUtensorMapFloatOOBfill oobFill);
}

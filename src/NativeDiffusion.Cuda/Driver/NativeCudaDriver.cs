using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The implementation by NVIDIA's driver: each member calls the function of the same name.</summary>
internal sealed unsafe partial class NativeCudaDriver : ICudaDriver
{
    // The driver itself.
    public CUresult cuInit(uint Flags) => NvCuda.cuInit(Flags);
    public CUresult cuDriverGetVersion(out int driverVersion) => NvCuda.cuDriverGetVersion(out driverVersion);
    public CUresult cuGetErrorName(CUresult error, out byte* pStr) => NvCuda.cuGetErrorName(error, out pStr);
    public CUresult cuGetErrorString(CUresult error, out byte* pStr) => NvCuda.cuGetErrorString(error, out pStr);

    // Devices.
    public CUresult cuDeviceGetCount(out int count) => NvCuda.cuDeviceGetCount(out count);
    public CUresult cuDeviceGet(out CUdevice device, int ordinal) => NvCuda.cuDeviceGet(out device, ordinal);
    public CUresult cuDeviceGetByPCIBusId(out CUdevice dev, string pciBusId) => NvCuda.cuDeviceGetByPCIBusId(out dev, pciBusId);
    public CUresult cuDeviceGetName(byte* name, int len, CUdevice dev) => NvCuda.cuDeviceGetName(name, len, dev);
    public CUresult cuDeviceGetAttribute(out int pi, CUdevice_attribute attrib, CUdevice dev) => NvCuda.cuDeviceGetAttribute(out pi, attrib, dev);
    public CUresult cuDeviceTotalMem(out nuint bytes, CUdevice dev) => NvCuda.cuDeviceTotalMem_v2(out bytes, dev);
    public CUresult cuDeviceGetUuid(out CUuuid uuid, CUdevice dev) => NvCuda.cuDeviceGetUuid_v2(out uuid, dev);
    public CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, CUdevice dev) => NvCuda.cuDeviceGetPCIBusId(pciBusId, len, dev);
    public CUresult cuDeviceCanAccessPeer(out int canAccessPeer, CUdevice dev, CUdevice peerDev) =>
        NvCuda.cuDeviceCanAccessPeer(out canAccessPeer, dev, peerDev);

    // Contexts: the primary one of a device, shared with other users in the process.
    public CUresult cuDevicePrimaryCtxRetain(out CUcontext pctx, CUdevice dev) => NvCuda.cuDevicePrimaryCtxRetain(out pctx, dev);
    public CUresult cuDevicePrimaryCtxRelease(CUdevice dev) => NvCuda.cuDevicePrimaryCtxRelease_v2(dev);
    public CUresult cuDevicePrimaryCtxGetState(CUdevice dev, out CUctx_flags flags, out int active) =>
        NvCuda.cuDevicePrimaryCtxGetState(dev, out flags, out active);
    public CUresult cuDevicePrimaryCtxSetFlags(CUdevice dev, CUctx_flags flags) => NvCuda.cuDevicePrimaryCtxSetFlags_v2(dev, flags);
    public CUresult cuCtxSetCurrent(CUcontext ctx) => NvCuda.cuCtxSetCurrent(ctx);
    public CUresult cuCtxGetCurrent(out CUcontext pctx) => NvCuda.cuCtxGetCurrent(out pctx);
    public CUresult cuCtxPushCurrent(CUcontext ctx) => NvCuda.cuCtxPushCurrent_v2(ctx);
    public CUresult cuCtxPopCurrent(out CUcontext pctx) => NvCuda.cuCtxPopCurrent_v2(out pctx);
    public CUresult cuCtxSynchronize() => NvCuda.cuCtxSynchronize();
    public CUresult cuCtxGetDevice(out CUdevice device) => NvCuda.cuCtxGetDevice(out device);
    public CUresult cuCtxSetLimit(CUlimit limit, nuint value) => NvCuda.cuCtxSetLimit(limit, value);
    public CUresult cuCtxGetLimit(out nuint pvalue, CUlimit limit) => NvCuda.cuCtxGetLimit(out pvalue, limit);
    public CUresult cuCtxEnablePeerAccess(CUcontext peerContext, uint Flags) => NvCuda.cuCtxEnablePeerAccess(peerContext, Flags);
    public CUresult cuCtxDisablePeerAccess(CUcontext peerContext) => NvCuda.cuCtxDisablePeerAccess(peerContext);

    // Memory.
    public CUresult cuMemGetInfo(out nuint free, out nuint total) => NvCuda.cuMemGetInfo_v2(out free, out total);
    public CUresult cuMemAlloc(out CUdeviceptr dptr, nuint bytesize) => NvCuda.cuMemAlloc_v2(out dptr, bytesize);
    public CUresult cuMemFree(CUdeviceptr dptr) => NvCuda.cuMemFree_v2(dptr);
    public CUresult cuMemAllocAsync(out CUdeviceptr dptr, nuint bytesize, CUstream hStream) => NvCuda.cuMemAllocAsync(out dptr, bytesize, hStream);
    public CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream) => NvCuda.cuMemFreeAsync(dptr, hStream);
    public CUresult cuDeviceGetDefaultMemPool(out CUmemoryPool pool_out, CUdevice dev) => NvCuda.cuDeviceGetDefaultMemPool(out pool_out, dev);
    public CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) =>
        NvCuda.cuMemPoolSetAttribute(pool, attr, value);
    public CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) =>
        NvCuda.cuMemPoolGetAttribute(pool, attr, value);
    public CUresult cuMemPoolTrimTo(CUmemoryPool pool, nuint minBytesToKeep) => NvCuda.cuMemPoolTrimTo(pool, minBytesToKeep);
    public CUresult cuMemHostAlloc(out void* pp, nuint bytesize, CUmemhostalloc_flags Flags) => NvCuda.cuMemHostAlloc(out pp, bytesize, Flags);
    public CUresult cuMemFreeHost(void* p) => NvCuda.cuMemFreeHost(p);
    public CUresult cuMemHostRegister(void* p, nuint bytesize, uint Flags) => NvCuda.cuMemHostRegister_v2(p, bytesize, Flags);
    public CUresult cuMemHostUnregister(void* p) => NvCuda.cuMemHostUnregister(p);
    public CUresult cuMemHostGetDevicePointer(out CUdeviceptr pdptr, void* p, uint Flags) => NvCuda.cuMemHostGetDevicePointer_v2(out pdptr, p, Flags);
    public CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr) =>
        NvCuda.cuPointerGetAttribute(data, attribute, ptr);
    public CUresult cuMemGetAddressRange(out CUdeviceptr pbase, out nuint psize, CUdeviceptr dptr) =>
        NvCuda.cuMemGetAddressRange_v2(out pbase, out psize, dptr);

    // Copies and fills.
    public CUresult cuMemcpyHtoD(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount) => NvCuda.cuMemcpyHtoD_v2(dstDevice, srcHost, ByteCount);
    public CUresult cuMemcpyDtoH(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount) => NvCuda.cuMemcpyDtoH_v2(dstHost, srcDevice, ByteCount);
    public CUresult cuMemcpyHtoDAsync(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount, CUstream hStream) =>
        NvCuda.cuMemcpyHtoDAsync_v2(dstDevice, srcHost, ByteCount, hStream);
    public CUresult cuMemcpyDtoHAsync(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        NvCuda.cuMemcpyDtoHAsync_v2(dstHost, srcDevice, ByteCount, hStream);
    public CUresult cuMemcpyDtoDAsync(CUdeviceptr dstDevice, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        NvCuda.cuMemcpyDtoDAsync_v2(dstDevice, srcDevice, ByteCount, hStream);
    public CUresult cuMemcpyPeerAsync(
        CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream) =>
        NvCuda.cuMemcpyPeerAsync(dstDevice, dstContext, srcDevice, srcContext, ByteCount, hStream);
    public CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream) => NvCuda.cuMemsetD8Async(dstDevice, uc, N, hStream);
    public CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream) =>
        NvCuda.cuMemsetD16Async(dstDevice, us, N, hStream);
    public CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream) => NvCuda.cuMemsetD32Async(dstDevice, ui, N, hStream);

    // Streams.
    public CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority) =>
        NvCuda.cuStreamCreateWithPriority(out phStream, flags, priority);
    public CUresult cuStreamDestroy(CUstream hStream) => NvCuda.cuStreamDestroy_v2(hStream);
    public CUresult cuStreamSynchronize(CUstream hStream) => NvCuda.cuStreamSynchronize(hStream);
    public CUresult cuStreamQuery(CUstream hStream) => NvCuda.cuStreamQuery(hStream);
    public CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags) => NvCuda.cuStreamWaitEvent(hStream, hEvent, Flags);
    public CUresult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode) => NvCuda.cuStreamBeginCapture_v2(hStream, mode);
    public CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph) => NvCuda.cuStreamEndCapture(hStream, out phGraph);
    public CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus) =>
        NvCuda.cuStreamIsCapturing(hStream, out captureStatus);
    public CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode) => NvCuda.cuThreadExchangeStreamCaptureMode(ref mode);

    // Events.
    public CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags) => NvCuda.cuEventCreate(out phEvent, Flags);
    public CUresult cuEventRecord(CUevent hEvent, CUstream hStream) => NvCuda.cuEventRecord(hEvent, hStream);
    public CUresult cuEventSynchronize(CUevent hEvent) => NvCuda.cuEventSynchronize(hEvent);
    public CUresult cuEventQuery(CUevent hEvent) => NvCuda.cuEventQuery(hEvent);
    public CUresult cuEventDestroy(CUevent hEvent) => NvCuda.cuEventDestroy_v2(hEvent);

    // Modules and functions.
    public CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues) =>
        NvCuda.cuModuleLoadDataEx(out module, image, numOptions, options, optionValues);
    public CUresult cuModuleUnload(CUmodule hmod) => NvCuda.cuModuleUnload(hmod);
    public CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name) => NvCuda.cuModuleGetFunction(out hfunc, hmod, name);
    public CUresult cuModuleGetGlobal(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name) =>
        NvCuda.cuModuleGetGlobal_v2(out dptr, out bytes, hmod, name);
    public CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc) => NvCuda.cuFuncGetAttribute(out pi, attrib, hfunc);
    public CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value) => NvCuda.cuFuncSetAttribute(hfunc, attrib, value);
    public CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize) =>
        NvCuda.cuOccupancyMaxActiveBlocksPerMultiprocessor(out numBlocks, func, blockSize, dynamicSMemSize);
    public CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize) =>
        NvCuda.cuOccupancyAvailableDynamicSMemPerBlock(out dynamicSmemSize, func, numBlocks, blockSize);

    // Launches.
    public CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes,
        CUstream hStream, void** kernelParams, void** extra) =>
        NvCuda.cuLaunchKernel(f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams, extra);
    public CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra) =>
        NvCuda.cuLaunchKernelEx(in config, f, kernelParams, extra);

    // Graphs.
    public CUresult cuGraphCreate(out CUgraph phGraph, uint flags) => NvCuda.cuGraphCreate(out phGraph, flags);
    public CUresult cuGraphDestroy(CUgraph hGraph) => NvCuda.cuGraphDestroy(hGraph);
    public CUresult cuGraphAddKernelNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams) =>
        NvCuda.cuGraphAddKernelNode_v2(out phGraphNode, hGraph, dependencies, numDependencies, in nodeParams);
    public CUresult cuGraphAddMemsetNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies,
        in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx) =>
        NvCuda.cuGraphAddMemsetNode(out phGraphNode, hGraph, dependencies, numDependencies, in memsetParams, ctx);
    public CUresult cuGraphAddMemcpyNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx) =>
        NvCuda.cuGraphAddMemcpyNode(out phGraphNode, hGraph, dependencies, numDependencies, in copyParams, ctx);
    public CUresult cuGraphAddChildGraphNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, CUgraph childGraph) =>
        NvCuda.cuGraphAddChildGraphNode(out phGraphNode, hGraph, dependencies, numDependencies, childGraph);
    public CUresult cuGraphAddEmptyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies) =>
        NvCuda.cuGraphAddEmptyNode(out phGraphNode, hGraph, dependencies, numDependencies);
    public CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode* nodes, ref nuint numNodes) => NvCuda.cuGraphGetNodes(hGraph, nodes, ref numNodes);
    public CUresult cuGraphNodeGetType(CUgraphNode hNode, out CUgraphNodeType type) => NvCuda.cuGraphNodeGetType(hNode, out type);
    public CUresult cuGraphKernelNodeGetParams(CUgraphNode hNode, out CUDA_KERNEL_NODE_PARAMS nodeParams) =>
        NvCuda.cuGraphKernelNodeGetParams_v2(hNode, out nodeParams);
    public CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUlaunchAttributeID attr, in CUlaunchAttributeValue value) =>
        NvCuda.cuGraphKernelNodeSetAttribute(hNode, attr, in value);
    public CUresult cuGraphDebugDotPrint(CUgraph hGraph, string path, CUgraphDebugDot_flags flags) =>
        NvCuda.cuGraphDebugDotPrint(hGraph, path, flags);
    public CUresult cuGraphInstantiate(out CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags) =>
        NvCuda.cuGraphInstantiateWithFlags(out phGraphExec, hGraph, flags);
    public CUresult cuGraphExecDestroy(CUgraphExec hGraphExec) => NvCuda.cuGraphExecDestroy(hGraphExec);
    public CUresult cuGraphExecKernelNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_KERNEL_NODE_PARAMS nodeParams) =>
        NvCuda.cuGraphExecKernelNodeSetParams_v2(hGraphExec, hNode, in nodeParams);
    public CUresult cuGraphExecMemsetNodeSetParams(
        CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx) =>
        NvCuda.cuGraphExecMemsetNodeSetParams(hGraphExec, hNode, in memsetParams, ctx);
    public CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMCPY3D copyParams, CUcontext ctx) =>
        NvCuda.cuGraphExecMemcpyNodeSetParams(hGraphExec, hNode, in copyParams, ctx);
    public CUresult cuGraphExecUpdate(CUgraphExec hGraphExec, CUgraph hGraph, out CUgraphExecUpdateResultInfo resultInfo) =>
        NvCuda.cuGraphExecUpdate_v2(hGraphExec, hGraph, out resultInfo);
    public CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream) => NvCuda.cuGraphUpload(hGraphExec, hStream);
    public CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream) => NvCuda.cuGraphLaunch(hGraphExec, hStream);

    // Tensor maps.
    public CUresult cuTensorMapEncodeTiled(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, uint* boxDim, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
        CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill) =>
        NvCuda.cuTensorMapEncodeTiled(tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides,
            boxDim, elementStrides, interleave, swizzle, l2Promotion, oobFill);
    public CUresult cuTensorMapEncodeIm2col(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn,
        uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion,
        CUtensorMapFloatOOBfill oobFill) =>
        NvCuda.cuTensorMapEncodeIm2col(tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides,
            pixelBoxLowerCorner, pixelBoxUpperCorner, channelsPerPixel, pixelsPerColumn, elementStrides, interleave, swizzle, l2Promotion, oobFill);
}

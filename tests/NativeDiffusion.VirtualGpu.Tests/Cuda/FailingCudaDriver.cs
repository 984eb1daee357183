using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Tests.Cuda;

/// <summary>
/// A driver before another one: it is asked before each call, and what it answers then takes the place of the call. So the n-th call
/// of a session can be made to fail, or every load of a cubin. Counts the calls.
/// </summary>
/// <param name="inner">The driver that does the work.</param>
internal sealed unsafe class FailingCudaDriver(ICudaDriver inner) : ICudaDriver
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

    public CUresult cuMemcpyPeerAsync(CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemcpyPeerAsync(dstDevice, dstContext, srcDevice, srcContext, ByteCount, hStream);

    public CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD8Async(dstDevice, uc, N, hStream);

    public CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD16Async(dstDevice, us, N, hStream);

    public CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuMemsetD32Async(dstDevice, ui, N, hStream);

    public CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority)
    {
        phStream = default;
        return Fails(out CUresult status) ? status : inner.cuStreamCreateWithPriority(out phStream, flags, priority);
    }

    public CUresult cuStreamDestroy(CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuStreamDestroy(hStream);

    public CUresult cuStreamSynchronize(CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuStreamSynchronize(hStream);

    public CUresult cuStreamQuery(CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuStreamQuery(hStream);

    public CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags) =>
        Fails(out CUresult status) ? status : inner.cuStreamWaitEvent(hStream, hEvent, Flags);

    public CUresult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode) =>
        Fails(out CUresult status) ? status : inner.cuStreamBeginCapture(hStream, mode);

    public CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph)
    {
        phGraph = default;
        return Fails(out CUresult status) ? status : inner.cuStreamEndCapture(hStream, out phGraph);
    }

    public CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus)
    {
        captureStatus = default;
        return Fails(out CUresult status) ? status : inner.cuStreamIsCapturing(hStream, out captureStatus);
    }

    public CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode) =>
        Fails(out CUresult status) ? status : inner.cuThreadExchangeStreamCaptureMode(ref mode);

    public CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags)
    {
        phEvent = default;
        return Fails(out CUresult status) ? status : inner.cuEventCreate(out phEvent, Flags);
    }

    public CUresult cuEventRecord(CUevent hEvent, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuEventRecord(hEvent, hStream);

    public CUresult cuEventSynchronize(CUevent hEvent) =>
        Fails(out CUresult status) ? status : inner.cuEventSynchronize(hEvent);

    public CUresult cuEventQuery(CUevent hEvent) =>
        Fails(out CUresult status) ? status : inner.cuEventQuery(hEvent);

    public CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd)
    {
        pMilliseconds = default;
        return Fails(out CUresult status) ? status : inner.cuEventElapsedTime(out pMilliseconds, hStart, hEnd);
    }

    public CUresult cuEventDestroy(CUevent hEvent) =>
        Fails(out CUresult status) ? status : inner.cuEventDestroy(hEvent);

    public CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues)
    {
        module = default;
        string text = Marshal.PtrToStringUTF8((nint)image)!;
        Images.Add(text.StartsWith('\x7F') ? "code" : $"PTX of {text.Split(".target ")[1].Split('\n')[0].Trim()}");
        return Fails(out CUresult status) ? status : inner.cuModuleLoadDataEx(out module, image, numOptions, options, optionValues);
    }

    public CUresult cuModuleUnload(CUmodule hmod) =>
        Fails(out CUresult status) ? status : inner.cuModuleUnload(hmod);

    public CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name)
    {
        hfunc = default;
        return Fails(out CUresult status) ? status : inner.cuModuleGetFunction(out hfunc, hmod, name);
    }

    public CUresult cuModuleGetGlobal(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name)
    {
        dptr = default;
        bytes = default;
        return Fails(out CUresult status) ? status : inner.cuModuleGetGlobal(out dptr, out bytes, hmod, name);
    }

    public CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc)
    {
        pi = default;
        return Fails(out CUresult status) ? status : inner.cuFuncGetAttribute(out pi, attrib, hfunc);
    }

    public CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value) =>
        Fails(out CUresult status) ? status : inner.cuFuncSetAttribute(hfunc, attrib, value);

    public CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize)
    {
        paramOffset = default;
        paramSize = default;
        return Fails(out CUresult status) ? status : inner.cuFuncGetParamInfo(func, paramIndex, out paramOffset, out paramSize);
    }

    public CUresult cuFuncLoad(CUfunction function) =>
        Fails(out CUresult status) ? status : inner.cuFuncLoad(function);

    public CUresult cuFuncGetName(out byte* name, CUfunction hfunc)
    {
        name = default;
        return Fails(out CUresult status) ? status : inner.cuFuncGetName(out name, hfunc);
    }

    public CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize)
    {
        numBlocks = default;
        return Fails(out CUresult status) ? status : inner.cuOccupancyMaxActiveBlocksPerMultiprocessor(out numBlocks, func, blockSize, dynamicSMemSize);
    }

    public CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize)
    {
        dynamicSmemSize = default;
        return Fails(out CUresult status) ? status : inner.cuOccupancyAvailableDynamicSMemPerBlock(out dynamicSmemSize, func, numBlocks, blockSize);
    }

    public CUresult cuLaunchKernel(CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes, CUstream hStream, void** kernelParams, void** extra) =>
        Fails(out CUresult status) ? status : inner.cuLaunchKernel(f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams, extra);

    public CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra) =>
        Fails(out CUresult status) ? status : inner.cuLaunchKernelEx(in config, f, kernelParams, extra);

    public CUresult cuGraphCreate(out CUgraph phGraph, uint flags)
    {
        phGraph = default;
        return Fails(out CUresult status) ? status : inner.cuGraphCreate(out phGraph, flags);
    }

    public CUresult cuGraphDestroy(CUgraph hGraph) =>
        Fails(out CUresult status) ? status : inner.cuGraphDestroy(hGraph);

    public CUresult cuGraphAddKernelNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddKernelNode(out phGraphNode, hGraph, dependencies, numDependencies, in nodeParams);
    }

    public CUresult cuGraphAddMemsetNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddMemsetNode(out phGraphNode, hGraph, dependencies, numDependencies, in memsetParams, ctx);
    }

    public CUresult cuGraphAddMemcpyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddMemcpyNode(out phGraphNode, hGraph, dependencies, numDependencies, in copyParams, ctx);
    }

    public CUresult cuGraphAddChildGraphNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, CUgraph childGraph)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddChildGraphNode(out phGraphNode, hGraph, dependencies, numDependencies, childGraph);
    }

    public CUresult cuGraphAddEmptyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddEmptyNode(out phGraphNode, hGraph, dependencies, numDependencies);
    }

    public CUresult cuGraphAddDependencies(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, nuint numDependencies) =>
        Fails(out CUresult status) ? status : inner.cuGraphAddDependencies(hGraph, from, to, edgeData, numDependencies);

    public CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode* nodes, ref nuint numNodes) =>
        Fails(out CUresult status) ? status : inner.cuGraphGetNodes(hGraph, nodes, ref numNodes);

    public CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, ref nuint numEdges) =>
        Fails(out CUresult status) ? status : inner.cuGraphGetEdges(hGraph, from, to, edgeData, ref numEdges);

    public CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode* dependencies, CUgraphEdgeData* edgeData, ref nuint numDependencies) =>
        Fails(out CUresult status) ? status : inner.cuGraphNodeGetDependencies(hNode, dependencies, edgeData, ref numDependencies);

    public CUresult cuGraphNodeGetType(CUgraphNode hNode, out CUgraphNodeType type)
    {
        type = default;
        return Fails(out CUresult status) ? status : inner.cuGraphNodeGetType(hNode, out type);
    }

    public CUresult cuGraphKernelNodeGetParams(CUgraphNode hNode, out CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        nodeParams = default;
        return Fails(out CUresult status) ? status : inner.cuGraphKernelNodeGetParams(hNode, out nodeParams);
    }

    public CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUlaunchAttributeID attr, in CUlaunchAttributeValue value) =>
        Fails(out CUresult status) ? status : inner.cuGraphKernelNodeSetAttribute(hNode, attr, in value);

    public CUresult cuGraphDebugDotPrint(CUgraph hGraph, string path, CUgraphDebugDot_flags flags) =>
        Fails(out CUresult status) ? status : inner.cuGraphDebugDotPrint(hGraph, path, flags);

    public CUresult cuGraphInstantiate(out CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags)
    {
        phGraphExec = default;
        return Fails(out CUresult status) ? status : inner.cuGraphInstantiate(out phGraphExec, hGraph, flags);
    }

    public CUresult cuGraphExecDestroy(CUgraphExec hGraphExec) =>
        Fails(out CUresult status) ? status : inner.cuGraphExecDestroy(hGraphExec);

    public CUresult cuGraphExecKernelNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_KERNEL_NODE_PARAMS nodeParams) =>
        Fails(out CUresult status) ? status : inner.cuGraphExecKernelNodeSetParams(hGraphExec, hNode, in nodeParams);

    public CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx) =>
        Fails(out CUresult status) ? status : inner.cuGraphExecMemsetNodeSetParams(hGraphExec, hNode, in memsetParams, ctx);

    public CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMCPY3D copyParams, CUcontext ctx) =>
        Fails(out CUresult status) ? status : inner.cuGraphExecMemcpyNodeSetParams(hGraphExec, hNode, in copyParams, ctx);

    public CUresult cuGraphExecUpdate(CUgraphExec hGraphExec, CUgraph hGraph, out CUgraphExecUpdateResultInfo resultInfo)
    {
        resultInfo = default;
        return Fails(out CUresult status) ? status : inner.cuGraphExecUpdate(hGraphExec, hGraph, out resultInfo);
    }

    public CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuGraphUpload(hGraphExec, hStream);

    public CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream) =>
        Fails(out CUresult status) ? status : inner.cuGraphLaunch(hGraphExec, hStream);

    public CUresult cuTensorMapEncodeTiled(CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim, ulong* globalStrides, uint* boxDim, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill) =>
        Fails(out CUresult status) ? status : inner.cuTensorMapEncodeTiled(tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides, boxDim, elementStrides, interleave, swizzle, l2Promotion, oobFill);

    public CUresult cuTensorMapEncodeIm2col(CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim, ulong* globalStrides, int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill) =>
        Fails(out CUresult status) ? status : inner.cuTensorMapEncodeIm2col(tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides, pixelBoxLowerCorner, pixelBoxUpperCorner, channelsPerPixel, pixelsPerColumn, elementStrides, interleave, swizzle, l2Promotion, oobFill);

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

using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Testing.Cuda;

// Streams, events, modules, launches and graphs.
internal sealed unsafe partial class FailingCudaDriver
{
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

    public CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes, CUstream hStream,
        void** kernelParams, void** extra) =>
        Fails(out CUresult status) ? status
            : inner.cuLaunchKernel(f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams, extra);

    public CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra) =>
        Fails(out CUresult status) ? status : inner.cuLaunchKernelEx(in config, f, kernelParams, extra);

    public CUresult cuGraphCreate(out CUgraph phGraph, uint flags)
    {
        phGraph = default;
        return Fails(out CUresult status) ? status : inner.cuGraphCreate(out phGraph, flags);
    }

    public CUresult cuGraphDestroy(CUgraph hGraph) =>
        Fails(out CUresult status) ? status : inner.cuGraphDestroy(hGraph);

    public CUresult cuGraphAddKernelNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddKernelNode(out phGraphNode, hGraph, dependencies, numDependencies, in nodeParams);
    }

    public CUresult cuGraphAddMemsetNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx)
    {
        phGraphNode = default;
        return Fails(out CUresult status) ? status : inner.cuGraphAddMemsetNode(out phGraphNode, hGraph, dependencies, numDependencies, in memsetParams, ctx);
    }

    public CUresult cuGraphAddMemcpyNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx)
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

    public CUresult cuTensorMapEncodeTiled(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim, ulong* globalStrides, uint* boxDim,
        uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion,
        CUtensorMapFloatOOBfill oobFill) =>
        Fails(out CUresult status) ? status : inner.cuTensorMapEncodeTiled(
            tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides, boxDim, elementStrides, interleave, swizzle, l2Promotion, oobFill);

    public CUresult cuTensorMapEncodeIm2col(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim, ulong* globalStrides,
        int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn, uint* elementStrides, CUtensorMapInterleave interleave,
        CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill) =>
        Fails(out CUresult status) ? status : inner.cuTensorMapEncodeIm2col(
            tensorMap, tensorDataType, tensorRank, globalAddress, globalDim, globalStrides, pixelBoxLowerCorner, pixelBoxUpperCorner, channelsPerPixel,
            pixelsPerColumn, elementStrides, interleave, swizzle, l2Promotion, oobFill);
}

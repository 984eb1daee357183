using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

// Graphs and tensor maps.
internal static unsafe partial class NvCuda
{
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

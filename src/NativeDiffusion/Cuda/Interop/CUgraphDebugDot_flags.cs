namespace NativeDiffusion.Cuda.Interop;

/// <summary>What a graph drawing shows.</summary>
[Flags]
public enum CUgraphDebugDot_flags : uint
{
    CU_GRAPH_DEBUG_DOT_FLAGS_NONE = 0,
    CU_GRAPH_DEBUG_DOT_FLAGS_VERBOSE = 1,
    CU_GRAPH_DEBUG_DOT_FLAGS_KERNEL_NODE_PARAMS = 4,
}

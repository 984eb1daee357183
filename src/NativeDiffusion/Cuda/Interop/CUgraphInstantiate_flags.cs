namespace NativeDiffusion.Cuda.Interop;

/// <summary>How a graph is instantiated.</summary>
[Flags]
public enum CUgraphInstantiate_flags : ulong
{
    CUDA_GRAPH_INSTANTIATE_FLAG_NONE = 0,
    CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH = 1,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Interleaving of a tensor map.</summary>
public enum CUtensorMapInterleave
{
    CU_TENSOR_MAP_INTERLEAVE_NONE = 0,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Shared memory swizzle of a tensor map.</summary>
public enum CUtensorMapSwizzle
{
    CU_TENSOR_MAP_SWIZZLE_NONE = 0,
    CU_TENSOR_MAP_SWIZZLE_128B = 3,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>L2 promotion of a tensor map.</summary>
public enum CUtensorMapL2promotion
{
    CU_TENSOR_MAP_L2_PROMOTION_NONE = 0,
}

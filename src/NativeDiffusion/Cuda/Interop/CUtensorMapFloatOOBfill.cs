namespace NativeDiffusion.Cuda.Interop;

/// <summary>What lies outside of a tensor map.</summary>
public enum CUtensorMapFloatOOBfill
{
    CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE = 0,
}

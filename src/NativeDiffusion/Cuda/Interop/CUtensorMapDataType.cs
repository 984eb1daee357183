namespace NativeDiffusion.Cuda.Interop;

/// <summary>Element types of a tensor map.</summary>
public enum CUtensorMapDataType
{
    CU_TENSOR_MAP_DATA_TYPE_FLOAT16 = 6,
}

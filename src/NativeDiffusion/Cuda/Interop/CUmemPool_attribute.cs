namespace NativeDiffusion.Cuda.Interop;

/// <summary>Attributes of a memory pool.</summary>
public enum CUmemPool_attribute
{
    CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
}

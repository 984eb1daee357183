namespace NativeDiffusion.Cuda.Interop;

/// <summary>Where an address lies.</summary>
public enum CUmemorytype
{
    CU_MEMORYTYPE_HOST = 1,
    CU_MEMORYTYPE_DEVICE = 2,
}

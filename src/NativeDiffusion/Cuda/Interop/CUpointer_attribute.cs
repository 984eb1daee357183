namespace NativeDiffusion.Cuda.Interop;

/// <summary>What a pointer can be asked.</summary>
public enum CUpointer_attribute
{
    CU_POINTER_ATTRIBUTE_MEMORY_TYPE = 2,
    CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>How pinned host memory is made.</summary>
[Flags]
public enum CUmemhostalloc_flags : uint
{
    CU_MEMHOSTALLOC_NONE = 0,
    CU_MEMHOSTALLOC_PORTABLE = 1,
    CU_MEMHOSTALLOC_DEVICEMAP = 2,
    CU_MEMHOSTALLOC_WRITECOMBINED = 4,
}

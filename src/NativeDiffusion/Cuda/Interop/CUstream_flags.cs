namespace NativeDiffusion.Cuda.Interop;

/// <summary>How a stream is made.</summary>
[Flags]
public enum CUstream_flags : uint
{
    CU_STREAM_DEFAULT = 0,
    CU_STREAM_NON_BLOCKING = 1,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>How a thread waits for the device.</summary>
[Flags]
public enum CUctx_flags : uint
{
    CU_CTX_SCHED_AUTO = 0,
    CU_CTX_SCHED_SPIN = 1,
    CU_CTX_SCHED_BLOCKING_SYNC = 4,
}

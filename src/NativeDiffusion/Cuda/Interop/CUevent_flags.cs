namespace NativeDiffusion.Cuda.Interop;

/// <summary>How an event is made.</summary>
[Flags]
public enum CUevent_flags : uint
{
    CU_EVENT_DEFAULT = 0,
    CU_EVENT_BLOCKING_SYNC = 1,
    CU_EVENT_DISABLE_TIMING = 2,
}

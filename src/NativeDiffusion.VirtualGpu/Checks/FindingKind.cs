namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>The kinds of defects that the virtual GPU reports in kernels and in the host API calls around them.</summary>
public enum FindingKind
{
    /// <summary>memcheck: an address outside of every allocation.</summary>
    OutOfBounds,
    /// <summary>memcheck: an address that is not a multiple of the access's width.</summary>
    Misaligned,
    /// <summary>memcheck: an access to freed memory, a double free, or use of an unloaded module.</summary>
    UseAfterFree,
    /// <summary>initcheck: uninitialized global memory read.</summary>
    UninitializedGlobal,
    /// <summary>initcheck: uninitialized shared memory read.</summary>
    UninitializedShared,
    /// <summary>initcheck: uninitialized local memory read.</summary>
    UninitializedLocal,
    /// <summary>initcheck: uninitialized register read.</summary>
    UninitializedRegister,
    /// <summary>racecheck: a hazard in shared memory between warps of a block, without a barrier between the accesses.</summary>
    SharedRace,
    /// <summary>racecheck: a hazard in shared memory between lanes of a warp, without __syncwarp between the accesses.</summary>
    MissingWarpSync,
    /// <summary>racecheck: a hazard in global memory between blocks of one launch, without any synchronisation.</summary>
    GlobalRace,
    /// <summary>racecheck: a hazard in global memory between blocks that synchronise by a flag without a fence on both sides.</summary>
    MissingFence,
    /// <summary>racecheck: a non-coherent load (ld.global.nc) of bytes that the same launch writes.</summary>
    NonCoherentLoad,
    /// <summary>racecheck: access to the destination of a cp.async before it was waited for.</summary>
    MissingAsyncCopyWait,
    /// <summary>synccheck: a barrier that not all threads reach, or with inconsistent thread counts.</summary>
    DivergentBarrier,
    /// <summary>synccheck: a warp-synchronous instruction that not all required lanes execute together.</summary>
    DivergentWarp,
    /// <summary>synccheck: a member mask without an executing lane, or different masks among the members.</summary>
    BadMemberMask,
    /// <summary>synccheck: a shuffle that reads from an inactive lane.</summary>
    InactiveLane,
    /// <summary>synccheck: threads that wait for each other forever.</summary>
    Deadlock,
    /// <summary>racecheck: access to memory of the preceding launch before griddepcontrol.wait.</summary>
    MissingGridDependencyWait,
    /// <summary>memcheck: more local memory than the stack limit.</summary>
    StackOverflow,
    /// <summary>racecheck: lanes of one store that write different values to the same address.</summary>
    ConflictingStores,
    /// <summary>memcheck: a store to memory that is read-only for kernels.</summary>
    ReadOnlyStore,
    /// <summary>memcheck: trap, or a jump to an invalid target.</summary>
    Trap,
    /// <summary>timeout: a kernel that exceeds the execution limit.</summary>
    Hang,
    /// <summary>ptx: PTX that is malformed or not supported.</summary>
    UnsupportedPtx,
    /// <summary>api: launch arguments or launch dimensions that are invalid for the kernel or the device.</summary>
    BadArguments,
    /// <summary>api: a driver call on a thread without a current context.</summary>
    NoContext,
    /// <summary>api: a driver call that is not allowed during stream capture.</summary>
    CaptureViolation,
    /// <summary>leakcheck: memory or an object that was never released.</summary>
    Leak,
}

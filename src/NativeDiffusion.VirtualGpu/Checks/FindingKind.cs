namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>What the virtual GPU finds wrong with a kernel or with the calls around it.</summary>
public enum FindingKind
{
    /// <summary>An address that no allocation holds.</summary>
    OutOfBounds,
    /// <summary>An address that is not a multiple of the access's width.</summary>
    Misaligned,
    /// <summary>Memory that was freed.</summary>
    UseAfterFree,
    /// <summary>Global memory that nobody wrote.</summary>
    UninitializedGlobal,
    /// <summary>Shared memory that nobody wrote.</summary>
    UninitializedShared,
    /// <summary>Local memory that nobody wrote.</summary>
    UninitializedLocal,
    /// <summary>A register that nobody wrote.</summary>
    UninitializedRegister,
    /// <summary>Two threads of a block, one of them writing, without a barrier between them.</summary>
    SharedRace,
    /// <summary>As a race in shared memory, but within a warp: what __syncwarp is for.</summary>
    MissingWarpSync,
    /// <summary>Two blocks, one of them writing, in one launch without order between them.</summary>
    GlobalRace,
    /// <summary>A block reads what another wrote behind a flag, but without a fence on one of the sides.</summary>
    MissingFence,
    /// <summary>A non-coherent load of bytes that the same launch writes.</summary>
    NonCoherentLoad,
    /// <summary>Bytes of an asynchronous copy, touched before it was waited for.</summary>
    UnwaitedCopy,
    /// <summary>A barrier that some threads go past.</summary>
    DivergentBarrier,
    /// <summary>Lanes that wait for each other at different instructions.</summary>
    DivergentWarp,
    /// <summary>A member mask that lacks a lane which executes the instruction, or differs among them.</summary>
    BadMemberMask,
    /// <summary>A value taken from a lane that does not take part.</summary>
    InactiveLane,
    /// <summary>Threads that wait for ever.</summary>
    Deadlock,
    /// <summary>Memory of the launch before, touched ahead of griddepcontrol.wait.</summary>
    EarlyDependent,
    /// <summary>More local memory than the stack has.</summary>
    StackOverflow,
    /// <summary>Lanes of one instruction that write different values to one address.</summary>
    ConflictingStores,
    /// <summary>A write to memory that is read-only for kernels.</summary>
    ReadOnlyStore,
    /// <summary>trap, or a jump to nowhere.</summary>
    Trap,
    /// <summary>A kernel that does not come to an end.</summary>
    Hang,
    /// <summary>PTX that is malformed, or that the virtual GPU does not have.</summary>
    UnsupportedPtx,
    /// <summary>Arguments of a launch that do not fit the kernel's parameters.</summary>
    BadArguments,
    /// <summary>A driver call on a thread without a current context.</summary>
    NoContext,
    /// <summary>A driver call that a capture forbids.</summary>
    CaptureViolation,
    /// <summary>Something that was never given back.</summary>
    Leak,
}

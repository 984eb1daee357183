using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A prepared instruction: its operands are places in a warp's registers. Immutable, used by all warps on all threads at once.</summary>
internal abstract unsafe class LaneOperation
{
    /// <summary>The source instruction.</summary>
    public PtxInstruction Source { get; set; } = null!;

    /// <summary>Executes it for the lanes of the mask, which is not empty.</summary>
    public abstract void Execute(Warp warp, byte* registers, uint mask);

    /// <summary>Emits equivalent code; the default calls <see cref="Execute"/>.</summary>
    public virtual void Emit(BodyEmitter emitter) => emitter.CallExecute(this);
}

using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>One instruction made ready: its operands are places in a warp's registers. Immutable, used by all warps on all threads at once.</summary>
internal abstract unsafe class LaneOperation
{
    /// <summary>The instruction it was made from.</summary>
    public PtxInstruction Source { get; set; } = null!;

    /// <summary>Runs it for the lanes of the mask, which is not empty.</summary>
    public abstract void Execute(Warp warp, byte* registers, uint mask);

    /// <summary>Writes the code that does the same; the default calls <see cref="Execute"/>.</summary>
    public virtual void Emit(BodyEmitter emitter) => emitter.CallExecute(this);
}

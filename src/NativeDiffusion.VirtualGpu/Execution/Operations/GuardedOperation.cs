namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>An operation for those lanes only whose predicate is true (or false, where negated).</summary>
internal sealed unsafe class GuardedOperation(LaneOperation inner, int predicate, bool isNegated) : LaneOperation
{
    public LaneOperation Inner => inner;

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint bits = *(uint*)(registers + predicate);
        mask &= isNegated ? ~bits : bits;
        if (mask != 0) inner.Execute(warp, registers, mask);
    }

    public override void Emit(BodyEmitter emitter) => emitter.Guard(predicate, isNegated, inner);
}

using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>d = f(a), lane by lane.</summary>
internal sealed unsafe class UnaryOperation(LaneFunction1 function, int d, int a) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => function.Pointer(registers + d, registers + a, mask);

    public override void Emit(BodyEmitter emitter) => emitter.CallFunction((nint)function.Pointer, d, a);
}

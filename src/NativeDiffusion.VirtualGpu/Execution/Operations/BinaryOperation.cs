using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>d = f(a, b), lane by lane.</summary>
internal sealed unsafe class BinaryOperation(LaneFunction2 function, int d, int a, int b) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => function.Pointer(registers + d, registers + a, registers + b, mask);

    public override void Emit(BodyEmitter emitter) => emitter.CallFunction((nint)function.Pointer, d, a, b);
}

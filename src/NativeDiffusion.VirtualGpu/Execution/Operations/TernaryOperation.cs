using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>d = f(a, b, c), lane by lane.</summary>
internal sealed unsafe class TernaryOperation(LaneFunction3 function, int d, int a, int b, int c) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) =>
        function.Pointer(registers + d, registers + a, registers + b, registers + c, mask);

    public override void Emit(BodyEmitter emitter) => emitter.CallFunction((nint)function.Pointer, d, a, b, c);
}

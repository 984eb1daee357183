using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A multiply-add of 32-bit lanes on registers of 64 bits that hold two each.</summary>
internal sealed unsafe class PairedMultiplyAddOperation(LaneFunction3 function, int d, int a, int b, int c) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        function.Pointer(registers + d, registers + a, registers + b, registers + c, Pairs.Spread(mask));
        function.Pointer(registers + d + 128, registers + a + 128, registers + b + 128, registers + c + 128, Pairs.Spread(mask >> 16));
    }
}

using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Reports lanes that read a register before they wrote it.</summary>
internal sealed unsafe class WrittenCheckOperation(int place, PtxRegister register) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint unwritten = mask & ~*(uint*)(registers + place);
        if (unwritten == 0) return;
        warp.Report(FindingKind.UninitializedRegister, Source, unwritten, $"uninitialized read of register {register.Name}");
        // Report once.
        *(uint*)(registers + place) |= unwritten;
    }
}

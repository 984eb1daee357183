namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Records which lanes have written a register that some path reads uninitialized.</summary>
internal sealed unsafe class WrittenNoteOperation(int place) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => *(uint*)(registers + place) |= mask;
}

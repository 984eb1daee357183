using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>alloca, stacksave, stackrestore: bytes after the function's own local memory, for each lane as many as it requests.</summary>
internal sealed unsafe class StackOperation(StackAction action, int value, int size, int alignment = 1) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        Frame frame = warp.Frame;
        int[] used = frame.Stack ??= new int[32];
        for (uint lanes = mask; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes), start = frame.LocalBase + frame.Program.LocalBytes;
            ref ulong place = ref ((ulong*)(registers + value))[lane];
            switch (action)
            {
                case StackAction.Save:
                    place = (ulong)(start + used[lane]);
                    break;
                case StackAction.Restore:
                    used[lane] = (int)Math.Clamp((long)place - start, 0, used[lane]);
                    break;
                default:
                    long bytes = (long)Math.Min(((ulong*)(registers + size))[lane], int.MaxValue);
                    long from = ((long)start + used[lane] + alignment - 1) & -alignment, to = (from + bytes + 15) & ~15L;
                    if (to > warp.Launch.LocalLimit)
                    {
                        warp.Report(
                            FindingKind.StackOverflow, Source, 1u << lane,
                            $"stack overflow in alloca of {bytes} bytes: {to} bytes of local memory needed, {warp.Launch.LocalLimit} available");
                        warp.Launch.Abort();
                        return;
                    }
                    place = (ulong)from;
                    used[lane] = (int)(to - start);
                    frame.StackBytes = Math.Max(frame.StackBytes, used[lane]);
                    break;
            }
        }
    }
}

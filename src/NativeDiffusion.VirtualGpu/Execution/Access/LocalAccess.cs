using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Local memory: each lane has its own bytes at the same addresses.</summary>
internal static unsafe class LocalAccess
{
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        int end = warp.Frame.LocalBase + warp.Frame.Program.LocalBytes + warp.Frame.StackBytes;
        warp.Worker.Memory.LocalBytes += (long)BitOperations.PopCount(mask) * operation.Width;
        bool hasChecks = warp.Launch.Options.HasChecks;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = addresses[lane];
            if (address < KernelLaunch.LocalStart || address > (ulong)(end - operation.Width) || (address & (ulong)(operation.Width - 1)) != 0)
            {
                bool isMisaligned = address >= KernelLaunch.LocalStart && address <= (ulong)(end - operation.Width);
                warp.Report(
                    isMisaligned ? FindingKind.Misaligned : FindingKind.OutOfBounds, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                    $"{(isMisaligned ? "misaligned" : "invalid")} local {(operation.IsStore ? "write" : "read")} of {operation.Width} bytes at 0x{address:X}; "
                        + $"the thread's variables end at 0x{end:X}"), address);
                warp.Launch.Abort();
                return;
            }
            byte* written = warp.LocalWritten(lane) + address;
            if (operation.IsStore) new Span<byte>(written, operation.Width).Fill(1);
            else if (hasChecks && new ReadOnlySpan<byte>(written, operation.Width).Contains((byte)0))
            {
                warp.Report(FindingKind.UninitializedLocal, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                    $"uninitialized local memory read at 0x{address:X}"), address);
            }
            operation.MoveLane(warp, registers, lane, warp.Local(lane) + address, true);
        }
    }
}

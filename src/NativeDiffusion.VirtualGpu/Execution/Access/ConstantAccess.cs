using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Constant banks and parameters: read-only, the same for all threads.</summary>
internal static unsafe class ConstantAccess
{
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        warp.Worker.Memory.ConstantBytes += (long)BitOperations.PopCount(mask) * operation.Width;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = addresses[lane];
            if (IsMisaligned(operation, warp, lane, address)) return;
            Allocation? allocation = warp.Launch.Space.Find(address);
            if (operation.IsStore || allocation is null || !allocation.Contains(address, (ulong)operation.Width))
            {
                Refuse(operation, warp, lane, address, GlobalAccess.Describe(allocation ?? warp.Launch.Space.Nearest(address), address));
                return;
            }
            operation.MoveLane(warp, registers, lane, allocation.Bytes + (address - allocation.Address), true);
        }
    }

    /// <summary>A kernel's parameters, addressed from zero.</summary>
    public static void RunParameters(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        warp.Worker.Memory.ConstantBytes += (long)BitOperations.PopCount(mask) * operation.Width;
        byte[] parameters = warp.Launch.Parameters;
        fixed (byte* bytes = parameters)
        {
            for (uint rest = mask; rest != 0; rest &= rest - 1)
            {
                int lane = BitOperations.TrailingZeroCount(rest);
                ulong address = addresses[lane];
                // Their generic addresses are accepted, too.
                if (address - Windows.Param < Windows.Size) address -= Windows.Param;
                if (IsMisaligned(operation, warp, lane, address)) return;
                if (operation.IsStore || address + (ulong)operation.Width > (ulong)parameters.Length || address > int.MaxValue)
                {
                    Refuse(operation, warp, lane, address, $"outside of the kernel's {parameters.Length} bytes of parameters");
                    return;
                }
                operation.MoveLane(warp, registers, lane, bytes + address, true);
            }
        }
    }

    private static bool IsMisaligned(MemoryOperation operation, Warp warp, int lane, ulong address)
    {
        if ((address & (ulong)(operation.Width - 1)) == 0) return false;
        warp.Report(FindingKind.Misaligned, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
            $"misaligned constant read of {operation.Width} bytes at 0x{address:X}"), address);
        warp.Launch.Abort();
        return true;
    }

    private static void Refuse(MemoryOperation operation, Warp warp, int lane, ulong address, string where)
    {
        warp.Report(
            operation.IsStore ? FindingKind.ReadOnlyStore : FindingKind.OutOfBounds, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
            $"invalid constant {(operation.IsStore ? "write" : "read")} of {operation.Width} bytes at 0x{address:X}, {where}"), address);
        warp.Launch.Abort();
    }
}

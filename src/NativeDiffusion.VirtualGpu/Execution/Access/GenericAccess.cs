using System.Numerics;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Generic addresses: the window of an address determines its space; outside of all windows it is global.</summary>
internal static unsafe class GenericAccess
{
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        uint shared = 0, local = 0, parameters = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = addresses[lane];
            if (address - Windows.Shared < Windows.Size)
            {
                shared |= 1u << lane;
                addresses[lane] = address - Windows.Shared;
            }
            else if (address - Windows.Local < Windows.Size)
            {
                local |= 1u << lane;
                addresses[lane] = address - Windows.Local;
            }
            else if (address - Windows.Param < Windows.Size) parameters |= 1u << lane;
        }
        uint global = mask & ~(shared | local | parameters);
        if (shared != 0) SharedAccess.Run(operation, warp, registers, shared, addresses);
        if (local != 0) LocalAccess.Run(operation, warp, registers, local, addresses);
        if (parameters != 0) ConstantAccess.RunParameters(operation, warp, registers, parameters, addresses);
        if (global != 0) GlobalAccess.Run(operation, warp, registers, global, addresses);
    }
}

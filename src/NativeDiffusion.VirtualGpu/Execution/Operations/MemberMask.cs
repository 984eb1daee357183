using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>The member masks of the lanes that execute an instruction together, checked.</summary>
internal static unsafe class MemberMask
{
    /// <summary>The mask, where all lanes have the same; zero where they differ (each group then has its own).</summary>
    public static uint Common(Warp warp, PtxInstruction source, uint* members, uint mask)
    {
        uint first = members[BitOperations.TrailingZeroCount(mask)], different = 0, missing = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (members[lane] != first) different |= 1u << lane;
            if ((members[lane] >> lane & 1) == 0) missing |= 1u << lane;
        }
        if (missing != 0)
        {
            warp.Report(FindingKind.BadMemberMask, source, missing, string.Create(CultureInfo.InvariantCulture,
                $"invalid member mask 0x{members[BitOperations.TrailingZeroCount(missing)]:X8}: it lacks the executing lane"));
        }
        if (different == 0) return first;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            for (uint others = members[lane] & mask; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                if (members[other] == members[lane]) continue;
                warp.Report(FindingKind.BadMemberMask, source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                    $"inconsistent member masks: 0x{members[lane]:X8} here, 0x{members[other]:X8} in lane {other}"));
                return 0;
            }
        }
        return 0;
    }
}

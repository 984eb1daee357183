using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Lanes of one store that write different values to one address: which value remains is undefined.</summary>
internal static unsafe class StoreConflicts
{
    private const int MaxWidth = 32;

    public static void Check(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong first, AccessPattern pattern)
    {
        // Atomics are serialised; the data of an asynchronous copy is not known yet.
        if (operation.Strength == AccessStrength.Atomic || operation.Width > MaxWidth) return;
        byte* values = stackalloc byte[32 * MaxWidth];
        new Span<byte>(values, 32 * MaxWidth).Clear();
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            var own = new ReadOnlySpan<byte>(values + (MaxWidth * lane), operation.Width);
            operation.MoveLane(warp, registers, lane, values + (MaxWidth * lane), true);
            for (uint before = mask & ((1u << lane) - 1); before != 0; before &= before - 1)
            {
                int other = BitOperations.TrailingZeroCount(before);
                if (pattern.Deltas[other] != pattern.Deltas[lane]
                    || own.SequenceEqual(new ReadOnlySpan<byte>(values + (MaxWidth * other), operation.Width))) continue;
                ulong address = first + pattern.Deltas[lane];
                warp.Report(FindingKind.ConflictingStores, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                    $"conflicting stores to 0x{address:X}: lane {other} stores a different value in the same instruction"), address);
                return;
            }
        }
    }
}

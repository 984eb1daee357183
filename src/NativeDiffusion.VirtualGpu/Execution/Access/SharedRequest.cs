using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>One shared-memory request of a warp, in grains of the access records.</summary>
internal readonly unsafe ref struct SharedRequest(
    MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong first, AccessPattern pattern, int shift)
{
    public MemoryOperation Operation => operation;

    public Warp Warp => warp;

    public byte* Registers => registers;

    /// <summary>Binary logarithm of a grain's bytes.</summary>
    public int Shift => shift;

    /// <summary>Binary logarithm of the grains that each lane touches.</summary>
    public int LaneShift { get; } = BitOperations.Log2((uint)operation.Width) - shift;

    /// <summary>True if lanes access the same bytes.</summary>
    public bool IsOverlapping { get; } = pattern.DistinctBytes != (long)BitOperations.PopCount(mask) * operation.Width;

    /// <summary>The lanes that access a grain, computed directly where lanes do not overlap.</summary>
    public uint LanesOf(int grain, int lane)
    {
        if (!IsOverlapping) return 1u << lane;
        long address = (long)grain << shift;
        uint lanes = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int other = BitOperations.TrailingZeroCount(rest);
            long start = (long)(first + pattern.Deltas[other]);
            if (address >= start && address < start + operation.Width) lanes |= 1u << other;
        }
        return lanes;
    }
}

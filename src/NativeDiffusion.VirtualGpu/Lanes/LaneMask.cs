using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>A mask of 32 lanes as vectors of all ones and all zeros, and the blending store that goes with it.</summary>
internal static unsafe class LaneMask
{
    public const uint All = 0xFFFF_FFFF;

    /// <summary>Lanes 16*part .. 16*part+15 of 32 bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Of32(uint mask, int part)
    {
        var bits = Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create(mask >> (16 * part)) & bits, bits);
    }

    /// <summary>Lanes 8*part .. 8*part+7 of 64 bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Of64(uint mask, int part)
    {
        var bits = Vector512.Create(1ul, 2, 4, 8, 16, 32, 64, 128);
        return Vector512.Equals(Vector512.Create((ulong)(mask >> (8 * part))) & bits, bits);
    }

    /// <summary>Stores the lanes of the mask, leaves the others as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(Vector512<uint> value, byte* place, uint mask, int part)
    {
        uint* at = (uint*)place + (16 * part);
        Vector512.ConditionalSelect(Of32(mask, part), value, Vector512.Load(at)).Store(at);
    }

    /// <summary>Stores the lanes of the mask, leaves the others as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(Vector512<ulong> value, byte* place, uint mask, int part)
    {
        ulong* at = (ulong*)place + (8 * part);
        Vector512.ConditionalSelect(Of64(mask, part), value, Vector512.Load(at)).Store(at);
    }
}

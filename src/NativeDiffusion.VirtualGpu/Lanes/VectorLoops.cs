using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>Loops of whole vectors over operators on 32-bit and 64-bit lanes.</summary>
internal static unsafe class VectorLoops
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run32<TOperator>(byte* d, byte* a, uint mask)
        where TOperator : struct, IVector1<uint>
    {
        Vector512<uint> low = TOperator.Invoke(Vector512.Load((uint*)a));
        Vector512<uint> high = TOperator.Invoke(Vector512.Load((uint*)a + 16));
        Store(low, high, d, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run32<TOperator>(byte* d, byte* a, byte* b, uint mask)
        where TOperator : struct, IVector2<uint>
    {
        Vector512<uint> low = TOperator.Invoke(Vector512.Load((uint*)a), Vector512.Load((uint*)b));
        Vector512<uint> high = TOperator.Invoke(Vector512.Load((uint*)a + 16), Vector512.Load((uint*)b + 16));
        Store(low, high, d, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run32<TOperator>(byte* d, byte* a, byte* b, byte* c, uint mask)
        where TOperator : struct, IVector3<uint>
    {
        Vector512<uint> low = TOperator.Invoke(Vector512.Load((uint*)a), Vector512.Load((uint*)b), Vector512.Load((uint*)c));
        Vector512<uint> high = TOperator.Invoke(Vector512.Load((uint*)a + 16), Vector512.Load((uint*)b + 16), Vector512.Load((uint*)c + 16));
        Store(low, high, d, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run64<TOperator>(byte* d, byte* a, uint mask)
        where TOperator : struct, IVector1<ulong>
    {
        for (int part = 0; part < 4; part++)
        {
            Vector512<ulong> value = TOperator.Invoke(Vector512.Load((ulong*)a + (8 * part)));
            Store(value, d, mask, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run64<TOperator>(byte* d, byte* a, byte* b, uint mask)
        where TOperator : struct, IVector2<ulong>
    {
        for (int part = 0; part < 4; part++)
        {
            Vector512<ulong> value = TOperator.Invoke(Vector512.Load((ulong*)a + (8 * part)), Vector512.Load((ulong*)b + (8 * part)));
            Store(value, d, mask, part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run64<TOperator>(byte* d, byte* a, byte* b, byte* c, uint mask)
        where TOperator : struct, IVector3<ulong>
    {
        for (int part = 0; part < 4; part++)
        {
            Vector512<ulong> value = TOperator.Invoke(
                Vector512.Load((ulong*)a + (8 * part)), Vector512.Load((ulong*)b + (8 * part)), Vector512.Load((ulong*)c + (8 * part)));
            Store(value, d, mask, part);
        }
    }

    /// <summary>A comparison of 32-bit lanes: the lanes of the mask where the operator gives all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Test32<TOperator>(byte* a, byte* b, uint mask)
        where TOperator : struct, IVector2<uint>
    {
        ulong low = TOperator.Invoke(Vector512.Load((uint*)a), Vector512.Load((uint*)b)).ExtractMostSignificantBits();
        ulong high = TOperator.Invoke(Vector512.Load((uint*)a + 16), Vector512.Load((uint*)b + 16)).ExtractMostSignificantBits();
        return (uint)(low | (high << 16)) & mask;
    }

    /// <summary>A comparison of 64-bit lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Test64<TOperator>(byte* a, byte* b, uint mask)
        where TOperator : struct, IVector2<ulong>
    {
        ulong bits = 0;
        for (int part = 0; part < 4; part++)
            bits |= TOperator.Invoke(Vector512.Load((ulong*)a + (8 * part)), Vector512.Load((ulong*)b + (8 * part))).ExtractMostSignificantBits() << (8 * part);
        return (uint)bits & mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<uint> low, Vector512<uint> high, byte* d, uint mask)
    {
        if (mask == LaneMask.All)
        {
            low.Store((uint*)d);
            high.Store((uint*)d + 16);
            return;
        }
        LaneMask.Blend(low, d, mask, 0);
        LaneMask.Blend(high, d, mask, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong> value, byte* d, uint mask, int part)
    {
        if (mask == LaneMask.All) value.Store((ulong*)d + (8 * part));
        else LaneMask.Blend(value, d, mask, part);
    }
}

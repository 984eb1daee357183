using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>Scalar loops over operators. The result's place may be a source's place: each lane is read before it is written.</summary>
internal static unsafe class LaneLoops
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TOperator, TResult, TA>(byte* d, byte* a, uint mask)
        where TOperator : struct, ILane<TResult, TA>
        where TResult : unmanaged
        where TA : unmanaged
    {
        if (mask == LaneMask.All)
        {
            for (int i = 0; i < 32; i++) ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TOperator, TResult, TA, TB>(byte* d, byte* a, byte* b, uint mask)
        where TOperator : struct, ILane<TResult, TA, TB>
        where TResult : unmanaged
        where TA : unmanaged
        where TB : unmanaged
    {
        if (mask == LaneMask.All)
        {
            for (int i = 0; i < 32; i++) ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i], ((TB*)b)[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i], ((TB*)b)[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TOperator, TResult, TA, TB, TC>(byte* d, byte* a, byte* b, byte* c, uint mask)
        where TOperator : struct, ILane<TResult, TA, TB, TC>
        where TResult : unmanaged
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
    {
        if (mask == LaneMask.All)
        {
            for (int i = 0; i < 32; i++) ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i], ((TB*)b)[i], ((TC*)c)[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            ((TResult*)d)[i] = TOperator.Invoke(((TA*)a)[i], ((TB*)b)[i], ((TC*)c)[i]);
        }
    }

    /// <summary>A comparison: the lanes of the mask where the operator is true, zero elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Test<TOperator, TA>(byte* a, byte* b, uint mask)
        where TOperator : struct, ILane<bool, TA, TA>
        where TA : unmanaged
    {
        uint result = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int i = BitOperations.TrailingZeroCount(rest);
            if (TOperator.Invoke(((TA*)a)[i], ((TA*)b)[i])) result |= 1u << i;
        }
        return result;
    }
}

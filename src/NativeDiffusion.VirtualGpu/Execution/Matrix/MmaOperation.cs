using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>mma.sync: gathers fragments into matrices, computes the product, scatters the result over the lanes.</summary>
internal sealed unsafe class MmaOperation : LaneOperation
{
    private readonly MmaPlan _plan;
    private readonly int[] _mapA;
    private readonly int[] _mapB;
    private readonly int[] _mapC;

    /// <summary>True for sixteen rows of halves, which whole-vector permutations can rearrange.</summary>
    private readonly bool _isShuffled;
    private readonly bool _isTransposed;

    public MmaOperation(MmaPlan plan)
    {
        _plan = plan;
        _mapA = FragmentMap.A(plan.Rows, plan.Depth, ElementDecoder.PerRegister(plan.A));
        _mapB = FragmentMap.B(plan.Depth, ElementDecoder.PerRegister(plan.B));
        _mapC = FragmentMap.C(plan.Rows);
        bool isRegular = plan.Rows == 16 && ElementDecoder.PerRegister(plan.A) == 2 && ElementDecoder.PerRegister(plan.B) == 2;
        _isShuffled = isRegular && FragmentShuffle.IsSupported;
        _isTransposed = isRegular && !_isShuffled && FragmentTranspose.IsSupported;
    }

    // Every element that is read was written before: clearing the buffers would cost more than the product.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        if (mask != uint.MaxValue)
        {
            warp.Report(FindingKind.DivergentWarp, Source, mask, string.Create(CultureInfo.InvariantCulture,
                $"divergent: executed by {BitOperations.PopCount(mask)} lanes; all 32 are required"));
            warp.Launch.Abort();
            return;
        }
        if (warp.Launch.Options.IsCounting) return;
        float* a = stackalloc float[(16 * 64) + (8 * 64) + 128 + 16];
        a = (float*)(((nint)a + 63) & ~63);
        float* b = a + (16 * 64), c = b + (8 * 64);
        if (_isShuffled)
        {
            FragmentShuffle.GatherA(_plan.A, registers, _plan.PlacesA, a);
            FragmentShuffle.GatherB(_plan.B, registers, _plan.PlacesB, b);
        }
        else if (_isTransposed)
        {
            FragmentTranspose.GatherA(_plan.A, registers, _plan.PlacesA, a);
            FragmentTranspose.GatherB(_plan.B, registers, _plan.PlacesB, b);
        }
        else
        {
            Gather(registers, _plan.PlacesA, _plan.A, _mapA, a);
            Gather(registers, _plan.PlacesB, _plan.B, _mapB, b);
        }
        if (_plan.Accumulator == Accumulator.Integer) Integers(registers, a, b, (int*)c);
        else Floats(warp, registers, a, b, c);
    }

    private static void Gather(byte* registers, int[] places, ElementType type, int[] map, float* matrix)
    {
        fixed (int* start = map)
        {
            int* at = start;
            foreach (int place in places)
            {
                ElementDecoder.Scatter(type, (uint*)(registers + place), at, matrix);
                at += 32 * ElementDecoder.PerRegister(type);
            }
        }
    }

    private void Floats(Warp warp, byte* registers, float* a, float* b, float* c)
    {
        bool isSingle = _plan.Accumulator == Accumulator.Single;
        if (!isSingle) LoadHalves(registers, c);
        else if (_isShuffled) FragmentShuffle.GatherC(registers, _plan.PlacesC, c);
        else if (_isTransposed) FragmentTranspose.GatherC(registers, _plan.PlacesC, c);
        else LoadSingles(registers, c);
        if (warp.Launch.Options.IsTruncating) Products.Truncated(a, b, c, _plan.Depth, warp.Launch.Device.Architecture >= 90 ? 16 : 8);
        else Products.Rounded(a, b, c, _plan.Depth);
        if (!isSingle) StoreHalves(registers, c);
        else if (_isShuffled) FragmentShuffle.ScatterD(registers, _plan.PlacesD, c);
        else if (_isTransposed) FragmentTranspose.ScatterD(registers, _plan.PlacesD, c);
        else StoreSingles(registers, c);
    }

    private void LoadSingles(byte* registers, float* c)
    {
        ref int map = ref MemoryMarshal.GetArrayDataReference(_mapC);
        for (int i = 0; i < _plan.PlacesC.Length; i++)
        {
            float* from = (float*)(registers + _plan.PlacesC[i]);
            for (int lane = 0; lane < 32; lane++) c[Unsafe.Add(ref map, (i * 32) + lane)] = from[lane];
        }
    }

    private void StoreSingles(byte* registers, float* c)
    {
        ref int map = ref MemoryMarshal.GetArrayDataReference(_mapC);
        for (int i = 0; i < _plan.PlacesD.Length; i++)
        {
            float* to = (float*)(registers + _plan.PlacesD[i]);
            for (int lane = 0; lane < 32; lane++) to[lane] = c[Unsafe.Add(ref map, (i * 32) + lane)];
            Canonical(to);
        }
    }

    private static void Canonical(float* row)
    {
        for (int part = 0; part < 2; part++) Instructions.SingleOperators.Canonical(Vector512.Load(row + (16 * part))).Store((uint*)row + (16 * part));
    }

    /// <summary>A register holds two neighbours of a row: accumulators 2r and 2r+1.</summary>
    private void LoadHalves(byte* registers, float* c)
    {
        float* row = stackalloc float[32];
        for (int i = 0; i < 2 * _plan.PlacesC.Length; i++)
        {
            uint* from = (uint*)(registers + _plan.PlacesC[i / 2]);
            for (int part = 0; part < 2; part++)
                HalfVectors.FromHalf((Vector512.Load(from + (16 * part)) >> (16 * (i & 1))) & Vector512.Create(0xFFFFu)).Store(row + (16 * part));
            for (int lane = 0; lane < 32; lane++) c[_mapC[(i * 32) + lane]] = row[lane];
        }
    }

    private void StoreHalves(byte* registers, float* c)
    {
        float* low = stackalloc float[64];
        float* high = low + 32;
        for (int r = 0; r < _plan.PlacesD.Length; r++)
        {
            for (int lane = 0; lane < 32; lane++)
            {
                low[lane] = c[_mapC[(2 * r * 32) + lane]];
                high[lane] = c[_mapC[(((2 * r) + 1) * 32) + lane]];
            }
            uint* to = (uint*)(registers + _plan.PlacesD[r]);
            for (int part = 0; part < 2; part++)
                (HalfVectors.ToHalf(Vector512.Load(low + (16 * part))) | (HalfVectors.ToHalf(Vector512.Load(high + (16 * part))) << 16)).Store(
                    to + (16 * part));
        }
    }

    /// <summary>Sums of products of bytes and nibbles are exact in single precision, since they stay below 2^24.</summary>
    private void Integers(byte* registers, float* a, float* b, int* c)
    {
        float* sums = stackalloc float[128 + 16];
        new Span<float>(sums, 128).Clear();
        int rows = _plan.Rows;
        for (int k = 0; k < _plan.Depth; k++)
            for (int column = 0; column < 8; column++)
                for (int row = 0; row < rows; row++) sums[(column * rows) + row] += a[(k * rows) + row] * b[(k * 8) + column];
        for (int i = 0; i < _plan.PlacesC.Length; i++)
        {
            int* from = (int*)(registers + _plan.PlacesC[i]);
            for (int lane = 0; lane < 32; lane++)
            {
                int at = _mapC[(i * 32) + lane];
                long sum = (long)from[lane] + (long)sums[at];
                c[at] = _plan.IsSaturating ? (int)Math.Clamp(sum, int.MinValue, int.MaxValue) : (int)sum;
            }
        }
        for (int i = 0; i < _plan.PlacesD.Length; i++)
        {
            int* to = (int*)(registers + _plan.PlacesD[i]);
            for (int lane = 0; lane < 32; lane++) to[lane] = c[_mapC[(i * 32) + lane]];
        }
    }
}

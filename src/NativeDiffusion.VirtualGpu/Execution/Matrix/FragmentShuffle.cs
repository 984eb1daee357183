using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>
/// Fragments of sixteen rows to columns and back by permutations of whole vectors, where the processor has them: lane 4g+t of a register holds
/// row g of column t. The element-by-element maps are equivalent and serve everywhere else.
/// </summary>
internal static unsafe class FragmentShuffle
{
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Registers of A with two halves each into columns of sixteen rows at [k][16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherA(ElementType type, byte* registers, int[] places, float* matrix)
    {
        for (int group = 0; group < places.Length / 2; group++)
        {
            uint* upper = (uint*)(registers + places[2 * group]), lower = (uint*)(registers + places[(2 * group) + 1]);
            for (int half = 0; half < 2; half++)
            {
                Vector512<float> u0 = Decode(type, Vector512.Load(upper), half), u1 = Decode(type, Vector512.Load(upper + 16), half);
                Vector512<float> l0 = Decode(type, Vector512.Load(lower), half), l1 = Decode(type, Vector512.Load(lower + 16), half);
                float* to = matrix + (16 * ((8 * group) + half));
                Columns(u0, u1, l0, l1, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
                c0.Store(to);
                c1.Store(to + 32);
                c2.Store(to + 64);
                c3.Store(to + 96);
            }
        }
    }

    /// <summary>Registers of B with two halves each into rows of eight columns at [k][8].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherB(ElementType type, byte* registers, int[] places, float* matrix)
    {
        for (int group = 0; group < places.Length; group++)
        {
            uint* from = (uint*)(registers + places[group]);
            for (int half = 0; half < 2; half++)
            {
                Vector512<float> low = Decode(type, Vector512.Load(from), half), high = Decode(type, Vector512.Load(from + 16), half);
                Vector512<float> first = Avx512F.PermuteVar16x32x2(low, Columns01, high), second = Avx512F.PermuteVar16x32x2(low, Columns23, high);
                float* to = matrix + (8 * ((8 * group) + half));
                first.GetLower().Store(to);
                first.GetUpper().Store(to + 16);
                second.GetLower().Store(to + 32);
                second.GetUpper().Store(to + 48);
            }
        }
    }

    /// <summary>Four single-precision accumulators into columns at [column][16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherC(byte* registers, int[] places, float* columns)
    {
        for (int odd = 0; odd < 2; odd++)
        {
            float* upper = (float*)(registers + places[odd]), lower = (float*)(registers + places[odd + 2]);
            Columns(Vector512.Load(upper), Vector512.Load(upper + 16), Vector512.Load(lower), Vector512.Load(lower + 16),
                out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
            float* to = columns + (16 * odd);
            c0.Store(to);
            c1.Store(to + 32);
            c2.Store(to + 64);
            c3.Store(to + 96);
        }
    }

    /// <summary>Columns back into four accumulators; NaN as PTX has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScatterD(byte* registers, int[] places, float* columns)
    {
        for (int odd = 0; odd < 2; odd++)
        {
            float* from = columns + (16 * odd);
            Vector512<float> c0 = Vector512.Load(from), c1 = Vector512.Load(from + 32), c2 = Vector512.Load(from + 64), c3 = Vector512.Load(from + 96);
            for (int part = 0; part < 4; part++)
            {
                uint* to = (uint*)(registers + places[odd + (2 * (part >> 1))]) + (16 * (part & 1));
                Vector512<int> rows = Rows + Vector512.Create(4 * part);
                Vector512<float> even = Avx512F.PermuteVar16x32x2(c0, rows, c1), uneven = Avx512F.PermuteVar16x32x2(c2, rows, c3);
                Instructions.SingleOperators.Canonical(Vector512.ConditionalSelect(FirstPair.AsSingle(), even, uneven)).Store(to);
            }
        }
    }

    private static Vector512<int> Columns01 => Vector512.Create(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);

    private static Vector512<int> Columns23 => Vector512.Create(2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);

    /// <summary>Rows 0 to 3 of two columns: the first of a pair from the first one.</summary>
    private static Vector512<int> Rows => Vector512.Create(0, 16, 0, 16, 1, 17, 1, 17, 2, 18, 2, 18, 3, 19, 3, 19);

    private static Vector512<int> FirstPair => Vector512.Create(-1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(
        Vector512<float> u0, Vector512<float> u1, Vector512<float> l0, Vector512<float> l1,
        out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        Vector512<float> u01 = Avx512F.PermuteVar16x32x2(u0, Columns01, u1), u23 = Avx512F.PermuteVar16x32x2(u0, Columns23, u1);
        Vector512<float> l01 = Avx512F.PermuteVar16x32x2(l0, Columns01, l1), l23 = Avx512F.PermuteVar16x32x2(l0, Columns23, l1);
        c0 = Vector512.Create(u01.GetLower(), l01.GetLower());
        c1 = Vector512.Create(u01.GetUpper(), l01.GetUpper());
        c2 = Vector512.Create(u23.GetLower(), l23.GetLower());
        c3 = Vector512.Create(u23.GetUpper(), l23.GetUpper());
    }

    /// <summary>The first or the second of each lane's two elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(ElementType type, Vector512<uint> bits, int half)
    {
        if (type == ElementType.BFloat16) return (half == 0 ? bits << 16 : bits & Vector512.Create(0xFFFF_0000u)).AsSingle();
        return HalfVectors.FromHalf(half == 0 ? bits & Vector512.Create(0xFFFFu) : bits >> 16);
    }
}

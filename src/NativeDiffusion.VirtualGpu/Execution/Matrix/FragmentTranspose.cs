using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NativeDiffusion.VirtualGpu.Instructions;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>
/// The same as <see cref="FragmentShuffle"/> for processors with vectors of 128 or 256 bits: a register's lanes 4g to 4g+3 are four columns of row g, so blocks
/// of
/// four rows are transposed.
/// </summary>
internal static unsafe class FragmentTranspose
{
    public static bool IsSupported => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Registers of A with two halves each into columns of sixteen rows at [k][16].</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherA(ElementType type, byte* registers, int[] places, float* matrix)
    {
        float* row = stackalloc float[32];
        for (int place = 0; place < places.Length; place++)
        {
            // Registers come in pairs: rows 0 to 7, rows 8 to 15.
            float* to = matrix + (16 * 8 * (place >> 1)) + (8 * (place & 1));
            for (int half = 0; half < 2; half++)
            {
                Decode(type, (uint*)(registers + places[place]), half, row);
                Block(row, 4, to + (16 * half), 32);
                Block(row + 16, 4, to + (16 * half) + 4, 32);
            }
        }
    }

    /// <summary>Registers of B with two halves each into rows of eight columns at [k][8].</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GatherB(ElementType type, byte* registers, int[] places, float* matrix)
    {
        float* row = stackalloc float[32];
        for (int place = 0; place < places.Length; place++)
        {
            float* to = matrix + (8 * 8 * place);
            for (int half = 0; half < 2; half++)
            {
                Decode(type, (uint*)(registers + places[place]), half, row);
                Block(row, 4, to + (8 * half), 16);
                Block(row + 16, 4, to + (8 * half) + 4, 16);
            }
        }
    }

    /// <summary>Four single-precision accumulators into columns at [column][16].</summary>
    public static void GatherC(byte* registers, int[] places, float* columns)
    {
        for (int place = 0; place < 4; place++)
        {
            float* row = (float*)(registers + places[place]), to = columns + (16 * (place & 1)) + (8 * (place >> 1));
            Block(row, 4, to, 32);
            Block(row + 16, 4, to + 4, 32);
        }
    }

    /// <summary>Columns back into four accumulators; NaN as PTX has it.</summary>
    public static void ScatterD(byte* registers, int[] places, float* columns)
    {
        for (int place = 0; place < 4; place++)
        {
            float* row = (float*)(registers + places[place]), from = columns + (16 * (place & 1)) + (8 * (place >> 1));
            Block(from, 32, row, 4);
            Block(from + 4, 32, row + 16, 4);
            for (int part = 0; part < 2; part++) SingleOperators.Canonical(Vector512.Load(row + (16 * part))).Store((uint*)row + (16 * part));
        }
    }

    /// <summary>Four rows of four to four rows of four, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, int fromStride, float* to, int toStride)
    {
        Vector128<float> a = Vector128.Load(
            from), b = Vector128.Load(from + fromStride), c = Vector128.Load(from + (2 * fromStride)), d = Vector128.Load(from + (3 * fromStride));
        Vector128<double> ab = Low(a, b).AsDouble(), cd = Low(c, d).AsDouble();
        Low(ab, cd).Store((double*)to);
        High(ab, cd).Store((double*)(to + toStride));
        (ab, cd) = (High(a, b).AsDouble(), High(c, d).AsDouble());
        Low(ab, cd).Store((double*)(to + (2 * toStride)));
        High(ab, cd).Store((double*)(to + (3 * toStride)));
    }

    // The lower, or the upper, halves of two vectors interleaved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static void Decode(ElementType type, uint* register, int half, float* row)
    {
        for (int part = 0; part < 2; part++) FragmentShuffle.Decode(type, Vector512.Load(register + (16 * part)), half).Store(row + (16 * part));
    }
}

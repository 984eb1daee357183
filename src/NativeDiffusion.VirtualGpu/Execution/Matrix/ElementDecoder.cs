using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>Unpacks registers of packed elements into rows of single-precision numbers, which hold all of them exactly (nibbles and bytes, too).</summary>
internal static unsafe class ElementDecoder
{
    private static readonly float[] s_e4m3 = Table(FloatFormat.E4M3);
    private static readonly float[] s_e5m2 = Table(FloatFormat.E5M2);

    /// <summary>Elements of 32 bits.</summary>
    public static int PerRegister(ElementType type) => type switch
    {
        ElementType.TensorFloat32 => 1,
        ElementType.Half or ElementType.BFloat16 => 2,
        ElementType.SignedNibble or ElementType.UnsignedNibble => 8,
        _ => 4,
    };

    /// <summary>Decodes a register of 32 lanes into a matrix, each element to where the map says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(ElementType type, uint* register, int* map, float* matrix)
    {
        if (PerRegister(type) == 2)
        {
            float* low = stackalloc float[64];
            float* high = low + 32;
            for (int part = 0; part < 2; part++)
            {
                var bits = Vector512.Load(register + (16 * part));
                bool isHalf = type == ElementType.Half;
                (isHalf ? HalfVectors.FromHalf(bits & Vector512.Create(0xFFFFu)) : (bits << 16).AsSingle()).Store(low + (16 * part));
                (isHalf ? HalfVectors.FromHalf(bits >> 16) : (bits & Vector512.Create(0xFFFF_0000u)).AsSingle()).Store(high + (16 * part));
            }
            for (int lane = 0; lane < 32; lane++)
            {
                matrix[map[2 * lane]] = low[lane];
                matrix[map[(2 * lane) + 1]] = high[lane];
            }
            return;
        }
        int count = PerRegister(type);
        for (int lane = 0; lane < 32; lane++)
            for (int e = 0; e < count; e++) matrix[map[(lane * count) + e]] = Decode(type, register[lane], e);
    }

    private static float Decode(ElementType type, uint bits, int element) => type switch
    {
        // The lower thirteen bits are ignored.
        ElementType.TensorFloat32 => BitConverter.UInt32BitsToSingle(bits & 0xFFFF_E000),
        ElementType.SignedByte => (sbyte)(bits >> (8 * element)),
        ElementType.UnsignedByte => (byte)(bits >> (8 * element)),
        ElementType.SignedNibble => (int)(bits << (28 - (4 * element))) >> 28,
        ElementType.UnsignedNibble => (bits >> (4 * element)) & 15,
        ElementType.E4M3 => s_e4m3[(byte)(bits >> (8 * element))],
        _ => s_e5m2[(byte)(bits >> (8 * element))],
    };

    private static float[] Table(FloatFormat format)
    {
        var table = new float[256];
        for (int i = 0; i < 256; i++) table[i] = (float)format.Value((ulong)i);
        return table;
    }
}

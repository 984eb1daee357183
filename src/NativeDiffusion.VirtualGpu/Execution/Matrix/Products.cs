using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>
/// D = A*B + C for sixteen rows and eight columns: a column of D is one vector. A lies [k][16 rows], B [k][8 columns], C and D [column][16 rows].
/// </summary>
internal static unsafe class Products
{
    /// <summary>Bits of 1e38: larger terms are added as they are, so that infinities and NaN come out.</summary>
    private const int Huge = 0x7E96_7699;

    /// <summary>Each term is fused into the sum in turn, rounded to nearest: no hardware does exactly this, and none is far from it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rounded(float* a, float* b, float* c, int depth)
    {
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16), c2 = Vector512.Load(c + 32), c3 = Vector512.Load(c + 48);
        Vector512<float> c4 = Vector512.Load(c + 64), c5 = Vector512.Load(c + 80), c6 = Vector512.Load(c + 96), c7 = Vector512.Load(c + 112);
        for (int k = 0; k < depth; k++)
        {
            var column = Vector512.Load(a + (16 * k));
            float* row = b + (8 * k);
            c0 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[0]), c0);
            c1 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[1]), c1);
            c2 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[2]), c2);
            c3 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[3]), c3);
            c4 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[4]), c4);
            c5 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[5]), c5);
            c6 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[6]), c6);
            c7 = Vector512.FusedMultiplyAdd(column, Vector512.Create(row[7]), c7);
        }
        c0.Store(c);
        c1.Store(c + 16);
        c2.Store(c + 32);
        c3.Store(c + 48);
        c4.Store(c + 64);
        c5.Store(c + 80);
        c6.Store(c + 96);
        c7.Store(c + 112);
    }

    /// <summary>
    /// As measured on tensor cores (Fasi, Higham, Mikaitis, Pranesh 2021, "Numerical behavior of NVIDIA tensor cores"): the products of
    /// a group and the sum so far are aligned to the largest of them, truncated below its 24 bits, added exactly, and truncated again.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Truncated(float* a, float* b, float* c, int depth, int group)
    {
        Vector512<float>* products = stackalloc Vector512<float>[16];
        var magnitude = Vector512.Create(0x7FFF_FFFF);
        for (int column = 0; column < 8; column++)
        {
            var sum = Vector512.Load(c + (16 * column));
            for (int from = 0; from < depth; from += group)
            {
                int count = Math.Min(group, depth - from);
                // Magnitudes of floats are ordered as their bits are.
                Vector512<int> largest = sum.AsInt32() & magnitude;
                for (int k = 0; k < count; k++)
                {
                    Vector512<float> product = Vector512.Load(a + (16 * (from + k))) * Vector512.Create(b[(8 * (from + k)) + column]);
                    products[k] = product;
                    largest = Vector512.Max(largest, product.AsInt32() & magnitude);
                }
                if (Vector512.LessThanAll(largest, Vector512.Create(Huge)))
                {
                    sum = Align(sum, products, count, largest);
                    continue;
                }
                for (int k = 0; k < count; k++) sum += products[k];
            }
            sum.Store(c + (16 * column));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Align(Vector512<float> sum, Vector512<float>* products, int count, Vector512<int> largest)
    {
        // 2^(23-e) for the largest's exponent e, as a number: never below 2^-104. Everything fits into an integer then.
        Vector512<int> exponent = Vector512.Max(largest >> 23, Vector512.Create(24));
        Vector512<float> up = ((Vector512.Create(127 + 127 + 23) - exponent) << 23).AsSingle();
        Vector512<int> total = Vector512.ConvertToInt32Native(sum * up);
        for (int k = 0; k < count; k++) total += Vector512.ConvertToInt32Native(products[k] * up);
        // Truncate to 24 bits: if rounding went up, step back once.
        Vector512<float> value = Vector512.ConvertToSingle(total);
        Vector512<int> back = Vector512.ConvertToInt32Native(value);
        Vector512<int> isAbove = Vector512.GreaterThan(Vector512.Abs(back), Vector512.Abs(total));
        value = (value.AsInt32() + isAbove).AsSingle();
        Vector512<float> down = ((exponent - Vector512.Create(23)) << 23).AsSingle();
        return value * down;
    }
}

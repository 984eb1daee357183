using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>Converts stored little-endian elements to the engine's numbers. Every value of a narrower type is preserved exactly.</summary>
internal static class StoredNumbers
{
    private static readonly float[] s_e4m3 = Table(exponentBits: 4, mantissaBits: 3);
    private static readonly float[] s_e5m2 = Table(exponentBits: 5, mantissaBits: 2);

    /// <summary>Converts to float32. Float64 and wide integers round to nearest even.</summary>
    /// <param name="stored">The elements' bytes, any alignment.</param>
    /// <param name="dtype">Their type.</param>
    /// <param name="destination">As many numbers as elements.</param>
    public static void ToSingle(ReadOnlySpan<byte> stored, DType dtype, Span<float> destination)
    {
        switch (dtype)
        {
            case DType.Float64: TensorPrimitives.ConvertTruncating(As<double>(stored), destination); break;
            case DType.Float32: As<float>(stored).CopyTo(destination); break;
            case DType.Float16: TensorPrimitives.ConvertToSingle(As<Half>(stored), destination); break;
            case DType.BFloat16: FromBFloat16(As<ushort>(stored), destination); break;
            case DType.Float8E4M3: FromTable(stored, s_e4m3, destination); break;
            case DType.Float8E5M2: FromTable(stored, s_e5m2, destination); break;
            case DType.Int64: TensorPrimitives.ConvertTruncating(As<long>(stored), destination); break;
            case DType.Int32: TensorPrimitives.ConvertTruncating(As<int>(stored), destination); break;
            case DType.Int16: TensorPrimitives.ConvertTruncating(As<short>(stored), destination); break;
            case DType.Int8: TensorPrimitives.ConvertTruncating(As<sbyte>(stored), destination); break;
            case DType.UInt8: TensorPrimitives.ConvertTruncating(stored, destination); break;
            default: FromBool(stored, destination); break;
        }
    }

    /// <summary>Converts to float64.</summary>
    /// <param name="stored">The elements' bytes, any alignment.</param>
    /// <param name="dtype">Their type.</param>
    /// <param name="destination">As many numbers as elements.</param>
    public static void ToDouble(ReadOnlySpan<byte> stored, DType dtype, Span<double> destination)
    {
        switch (dtype)
        {
            case DType.Float64: As<double>(stored).CopyTo(destination); break;
            case DType.Int64: TensorPrimitives.ConvertTruncating(As<long>(stored), destination); break;
            case DType.Int32: TensorPrimitives.ConvertTruncating(As<int>(stored), destination); break;
            default:
                // All other types fit float32 exactly.
                float[] single = new float[destination.Length];
                ToSingle(stored, dtype, single);
                TensorPrimitives.ConvertTruncating<float, double>(single, destination);
                break;
        }
    }

    /// <summary>Converts integers and booleans.</summary>
    /// <param name="stored">The elements' bytes, any alignment.</param>
    /// <param name="dtype">Their type; <see cref="StoredTypes.IsInteger"/> holds.</param>
    /// <param name="destination">As many numbers as elements.</param>
    public static void ToInt64(ReadOnlySpan<byte> stored, DType dtype, Span<long> destination)
    {
        switch (dtype)
        {
            case DType.Int64: As<long>(stored).CopyTo(destination); break;
            case DType.Int32: TensorPrimitives.ConvertTruncating(As<int>(stored), destination); break;
            case DType.Int16: TensorPrimitives.ConvertTruncating(As<short>(stored), destination); break;
            case DType.Int8: TensorPrimitives.ConvertTruncating(As<sbyte>(stored), destination); break;
            case DType.UInt8: TensorPrimitives.ConvertTruncating(stored, destination); break;
            default:
                for (int i = 0; i < destination.Length; i++) destination[i] = stored[i] != 0 ? 1 : 0;
                break;
        }
    }

    /// <summary>Reads a tensor of a source as float32 and converts it to a narrower type, to the nearest number (ties to even).</summary>
    /// <param name="source">Where the tensor is.</param>
    /// <param name="name">Its full name.</param>
    /// <param name="shape">The shape that the model needs.</param>
    /// <param name="dtype">Float32, Float16 or BFloat16.</param>
    /// <param name="destination">The elements' bytes in that type.</param>
    public static void FromSource(IWeightSource source, string name, TensorShape shape, DType dtype, Span<byte> destination)
    {
        if (dtype == DType.Float32)
        {
            source.Read(name, shape, MemoryMarshal.Cast<byte, float>(destination));
            return;
        }

        float[] numbers = new float[destination.Length / dtype.Size()];
        source.Read(name, shape, numbers);
        FromSingle(numbers, dtype, destination);
    }

    /// <summary>Converts float32 to a type that weights are kept in, to the nearest number (ties to even).</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="dtype">Float32, Float16 or BFloat16.</param>
    /// <param name="destination">As many elements of that type.</param>
    public static void FromSingle(ReadOnlySpan<float> numbers, DType dtype, Span<byte> destination)
    {
        switch (dtype)
        {
            case DType.Float32: MemoryMarshal.AsBytes(numbers).CopyTo(destination); break;
            case DType.Float16: TensorPrimitives.ConvertToHalf(numbers, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case DType.BFloat16:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(destination);
                for (int i = 0; i < numbers.Length; i++) halves[i] = ToBFloat16(numbers[i]);
                break;
            default: throw new ArgumentException($"Weights are kept as float32, float16 or bfloat16, not {dtype}.", nameof(dtype));
        }
    }

    private static ushort ToBFloat16(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        if (float.IsNaN(number)) return (ushort)(bits >> 16 | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static ReadOnlySpan<T> As<T>(ReadOnlySpan<byte> stored)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(stored);

    private static void FromBFloat16(ReadOnlySpan<ushort> stored, Span<float> destination)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        int i = 0;
        for (; i <= stored.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(stored[i..]), out Vector<uint> low, out Vector<uint> high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < stored.Length; i++) bits[i] = (uint)stored[i] << 16;
    }

    private static void FromTable(ReadOnlySpan<byte> stored, float[] table, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++) destination[i] = table[stored[i]];
    }

    private static void FromBool(ReadOnlySpan<byte> stored, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++) destination[i] = stored[i] != 0 ? 1 : 0;
    }

    // The two forms of "FP8 Formats for Deep Learning" (arXiv:2209.05433): E5M2 follows IEEE 754; E4M3 has no infinities and one NaN pattern.
    private static float[] Table(int exponentBits, int mantissaBits)
    {
        int bias = (1 << (exponentBits - 1)) - 1;
        int topExponent = (1 << exponentBits) - 1;
        float[] table = new float[256];
        for (int code = 0; code < 256; code++)
        {
            int exponent = (code >> mantissaBits) & topExponent;
            int mantissa = code & ((1 << mantissaBits) - 1);
            float magnitude = exponent == 0
                ? MathF.ScaleB(mantissa, 1 - bias - mantissaBits)
                : MathF.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits);
            if (exponentBits == 5 && exponent == topExponent) magnitude = mantissa == 0 ? float.PositiveInfinity : float.NaN;
            if (exponentBits == 4 && (code & 0x7F) == 0x7F) magnitude = float.NaN;
            table[code] = code >= 128 ? -magnitude : magnitude;
        }

        return table;
    }
}

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>Values at which arithmetic goes wrong.</summary>
internal static class Interesting
{
    public static ulong[] Integers(int bits)
    {
        ulong mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1, top = 1UL << (bits - 1);
        return [0, 1, 2, 3, 5, 7, 31, 32, 33, 100, 0xFF & mask, top - 1, top, top + 1, mask - 1, mask, 0x5A5A_5A5A_5A5A_5A5A & mask,
            0x0123_4567_89AB_CDEF & mask];
    }

    public static ulong[] Singles { get; } = Bits(
        0f, -0f, 1f, -1f, 0.5f, 2f, 3f, -3f, 1.5f, 10f, 1e-3f, 1e10f, -1e10f, 1e30f, 1e-30f, 1e38f, -1e38f, 16777216f, 16777217f, 0.33333334f, float.MaxValue,
            float.MinValue,
        float.Epsilon, -float.Epsilon, 1.17549435E-38f, 1.1754942E-38f, 5.8774718E-39f, float.PositiveInfinity, float.NegativeInfinity, float.NaN);

    public static ulong[] Doubles { get; } = [.. new[]
    {
        0.0, -0.0, 1, -1, 0.5, 2, 3, -3, 1e-3, 1e10, -1e300, 1e300, 1e-300, 0.1, 1.0 / 3, double.MaxValue, double.MinValue, double.Epsilon, -double.Epsilon,
        2.2250738585072014E-308, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 9007199254740993.0, 4294967296.5, 0.49999999999999994,
    }.Select(value => (ulong)BitConverter.DoubleToInt64Bits(value))];

    public static ulong[] Halves { get; } =
        [0, 0x8000, 0x3C00, 0xBC00, 0x3800, 0x4000, 0x4200, 0xC200, 0x3555, 0x7BFF, 0xFBFF, 1, 0x8001, 0x3FF, 0x400, 0x401, 0x7C00, 0xFC00, 0x7E00, 0x6400,
        0x1234, 0x2E66];

    public static ulong[] BFloats { get; } =
        [0, 0x8000, 0x3F80, 0xBF80, 0x3F00, 0x4000, 0x4040, 0xC040, 0x3EAB, 0x7F7F, 0xFF7F, 1, 0x8001, 0x7F, 0x80, 0x81, 0x7F80, 0xFF80, 0x7FC0, 0x4B80, 0x1234,
        0x3DCD];

    private static ulong[] Bits(params float[] values) => [.. values.Select(value => (ulong)BitConverter.SingleToUInt32Bits(value))];
}

using System.Globalization;
using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Bits as integers and back.</summary>
internal static class Numbers
{
    public static int Width(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture);

    /// <summary>The integer value of the low bits.</summary>
    public static BigInteger Value(ulong bits, string type)
    {
        int width = Width(type);
        BigInteger value = bits & Mask(width);
        return type[0] == 's' && value >> (width - 1) == 1 ? value - (BigInteger.One << width) : value;
    }

    public static ulong Wrap(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));

    public static ulong Mask(int bits) => bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;

    public static BigInteger Lowest(string type) => type[0] == 's' ? -(BigInteger.One << (Width(type) - 1)) : 0;

    public static BigInteger Highest(string type) => Lowest(type) + (BigInteger.One << Width(type)) - 1;
}

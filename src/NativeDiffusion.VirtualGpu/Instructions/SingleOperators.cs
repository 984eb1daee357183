using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>What all operators of single precision share: flushing, saturation, the canonical NaN.</summary>
internal static class SingleOperators
{
    private const uint Nan = 0x7FFF_FFFF;

    /// <summary>Subnormal numbers become zeros of their sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Flush(Vector512<uint> a)
    {
        Vector512<uint> isTiny = Vector512.Equals(a & Vector512.Create(0x7F80_0000u), Vector512<uint>.Zero);
        return Vector512.ConditionalSelect(isTiny, a & Vector512.Create(0x8000_0000u), a);
    }

    /// <summary>The result as PTX gives it: every NaN is 0x7FFFFFFF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Canonical(Vector512<float> a) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, a).AsUInt32(), a.AsUInt32(), Vector512.Create(Nan));

    /// <summary>Between 0 and 1; NaN becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Saturate(Vector512<uint> a)
    {
        Vector512<float> x = a.AsSingle();
        // Both comparisons are false for NaN and for negative zero.
        Vector512<float> positive = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512<float>.Zero);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(positive, Vector512<float>.One), Vector512<float>.One, positive).AsUInt32();
    }

    public static float Flush(float a) => float.IsSubnormal(a) ? MathF.CopySign(0, a) : a;
}

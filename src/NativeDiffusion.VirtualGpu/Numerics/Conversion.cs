using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>cvt of one value: any scalar type to any other, every rounding mode, saturation and flushing.</summary>
internal sealed record Conversion(PtxType To, PtxType From, Rounding Rounding, bool IsToInteger, bool IsSaturating, bool IsFlushing, bool IsClamping)
{
    /// <summary>Converts the bits of a value.</summary>
    public ulong Apply(ulong bits)
    {
        if (!From.IsFloat() && !IsNarrow(From)) return FromInteger(bits);
        double value = Value(bits);
        if (IsFlushing && From == PtxType.F32 && value != 0 && Math.Abs(value) < 1.17549435E-38) value = Math.CopySign(0, value);
        if (!To.IsFloat() && !IsNarrow(To)) return ToInteger(value);
        if (IsToInteger) value = Whole(value);
        if (IsClamping && value < 0) value = 0;
        return ToFloat(value);
    }

    private double Value(ulong bits) => From switch
    {
        PtxType.F64 => BitConverter.UInt64BitsToDouble(bits),
        PtxType.F32 => BitConverter.UInt32BitsToSingle((uint)bits),
        PtxType.TF32 => BitConverter.UInt32BitsToSingle((uint)bits & 0xFFFF_E000),
        _ => Format(From).Value(bits),
    };

    private ulong ToFloat(double value)
    {
        if (double.IsNaN(value)) return IsSaturating && !IsNarrow(To) && To != PtxType.TF32 ? 0 : Align(Format(To).Nan);
        // For floating-point results saturation means the unit interval, for the 8-bit formats it means the largest number.
        if (IsSaturating && !IsNarrow(To)) value = value > 0 ? Math.Min(value, 1) : 0;
        ulong result = Format(To).Round(value, Rounding, 0, IsSaturating && IsNarrow(To));
        if (IsFlushing && To == PtxType.F32 && (result & 0x7F80_0000) == 0) result &= 0x8000_0000;
        return Align(result);
    }

    /// <summary>tf32 is kept in the upper bits of its word.</summary>
    private ulong Align(ulong bits) => To == PtxType.TF32 ? bits << 13 : bits;

    private double Whole(double value) => Rounding switch
    {
        Rounding.Nearest => Math.Round(value, MidpointRounding.ToEven),
        Rounding.Zero => Math.Truncate(value),
        Rounding.Down => Math.Floor(value),
        Rounding.Up => Math.Ceiling(value),
        _ => Math.Round(value, MidpointRounding.AwayFromZero),
    };

    private ulong ToInteger(double value)
    {
        int width = To.Bits();
        // NaN: zero from the narrower floats to the narrower integers, else the sign bit alone.
        if (double.IsNaN(value)) return From == PtxType.F64 || width == 64 ? 1UL << (width - 1) : 0;
        value = Whole(value);
        if (!To.IsSigned())
        {
            double end = Math.ScaleB(1, width);
            return value <= 0 ? 0 : value >= end ? ulong.MaxValue >> (64 - width) : (ulong)value;
        }
        double limit = Math.ScaleB(1, width - 1);
        long clamped = value >= limit ? long.MaxValue >> (64 - width) : value < -limit ? long.MinValue >> (64 - width) : (long)value;
        return (ulong)clamped & (ulong.MaxValue >> (64 - width));
    }

    private ulong FromInteger(ulong bits)
    {
        int width = From.Bits();
        bool isSigned = From.IsSigned();
        long value = isSigned ? (long)(bits << (64 - width)) >> (64 - width) : (long)(bits & (ulong.MaxValue >> (64 - width)));
        bool isNegative = isSigned && value < 0;
        if (To.IsFloat())
        {
            ulong magnitude = isNegative ? 0 - (ulong)value : (ulong)value;
            ulong result = Format(To).Round(isNegative, magnitude, 0, false, Rounding);
            return IsSaturating ? ToFloat(Format(To).Value(result)) : result;
        }
        int to = To.Bits();
        ulong mask = ulong.MaxValue >> (64 - to);
        if (!IsSaturating) return (ulong)value & mask;
        if (To.IsSigned())
        {
            long high = long.MaxValue >> (64 - to), low = long.MinValue >> (64 - to);
            if (!isSigned && (ulong)value > (ulong)high) return (ulong)high & mask;
            return (ulong)Math.Clamp(value, low, high) & mask;
        }
        if (isNegative) return 0;
        return Math.Min((ulong)value, mask);
    }

    private static bool IsNarrow(PtxType type) => type is PtxType.E4M3 or PtxType.E5M2;

    private static FloatFormat Format(PtxType type) => type switch
    {
        PtxType.F16 => FloatFormat.Half,
        PtxType.BF16 => FloatFormat.BFloat16,
        PtxType.F32 => FloatFormat.Single,
        PtxType.F64 => FloatFormat.Double,
        PtxType.TF32 => FloatFormat.TensorFloat32,
        PtxType.E4M3 => FloatFormat.E4M3,
        PtxType.E5M2 => FloatFormat.E5M2,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Names, widths and kinds of <see cref="PtxType"/>.</summary>
internal static class PtxTypes
{
    /// <summary>The type that a modifier such as "f16x2" (without its dot) names; None otherwise.</summary>
    public static PtxType Parse(ReadOnlySpan<char> name) => name switch
    {
        "pred" => PtxType.Pred,
        "b1" => PtxType.B1,
        "b8" => PtxType.B8,
        "b16" => PtxType.B16,
        "b32" => PtxType.B32,
        "b64" => PtxType.B64,
        "b128" => PtxType.B128,
        "u4" => PtxType.U4,
        "u8" => PtxType.U8,
        "u16" => PtxType.U16,
        "u32" => PtxType.U32,
        "u64" => PtxType.U64,
        "s4" => PtxType.S4,
        "s8" => PtxType.S8,
        "s16" => PtxType.S16,
        "s32" => PtxType.S32,
        "s64" => PtxType.S64,
        "f16" => PtxType.F16,
        "f16x2" => PtxType.F16x2,
        "bf16" => PtxType.BF16,
        "bf16x2" => PtxType.BF16x2,
        "tf32" => PtxType.TF32,
        "f32" => PtxType.F32,
        "f32x2" => PtxType.F32x2,
        "f64" => PtxType.F64,
        "u16x2" => PtxType.U16x2,
        "s16x2" => PtxType.S16x2,
        "u8x4" => PtxType.U8x4,
        "s8x4" => PtxType.S8x4,
        "e4m3" => PtxType.E4M3,
        "e5m2" => PtxType.E5M2,
        "e4m3x2" => PtxType.E4M3x2,
        "e5m2x2" => PtxType.E5M2x2,
        "e4m3x4" => PtxType.E4M3x4,
        "e5m2x4" => PtxType.E5M2x4,
        _ => PtxType.None,
    };

    /// <summary>Width in bits; 1 for a predicate.</summary>
    public static int Bits(this PtxType type) => type switch
    {
        PtxType.Pred or PtxType.B1 => 1,
        PtxType.U4 or PtxType.S4 => 4,
        PtxType.B8 or PtxType.U8 or PtxType.S8 or PtxType.E4M3 or PtxType.E5M2 => 8,
        PtxType.B16 or PtxType.U16 or PtxType.S16 or PtxType.F16 or PtxType.BF16 or PtxType.E4M3x2 or PtxType.E5M2x2 => 16,
        PtxType.B64 or PtxType.U64 or PtxType.S64 or PtxType.F64 or PtxType.F32x2 => 64,
        PtxType.B128 => 128,
        PtxType.None => 0,
        _ => 32,
    };

    /// <summary>Width in bytes in memory.</summary>
    public static int Bytes(this PtxType type) => Math.Max(1, Bits(type) / 8);

    public static bool IsSigned(this PtxType type) => type is PtxType.S8 or PtxType.S16 or PtxType.S32 or PtxType.S64 or PtxType.S16x2 or PtxType.S4;

    public static bool IsFloat(this PtxType type) => type is PtxType.F16 or PtxType.F16x2 or PtxType.BF16 or PtxType.BF16x2
        or PtxType.TF32 or PtxType.F32 or PtxType.F64 or PtxType.F32x2;
}

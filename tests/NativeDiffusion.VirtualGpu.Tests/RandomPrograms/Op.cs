namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>An instruction that works lane by lane, and what it computes.</summary>
/// <param name="Text">Such as "add.s32 d, a, b;": d, a, b, c stand for the operands.</param>
/// <param name="Result">Type of the result's register: b16, b32, b64, pred.</param>
/// <param name="Sources">Types of the sources.</param>
/// <param name="Evaluate">The result of one lane, by independent arithmetic.</param>
internal sealed record Op(string Text, string Result, string[] Sources, Func<ulong[], ulong> Evaluate)
{
    /// <summary>True if it may be predicated.</summary>
    public bool CanBeGuarded => !Text.Contains('\n', StringComparison.Ordinal);

    /// <summary>All operations of the generator, by family.</summary>
    public static Op[][] Families { get; } = [[.. IntegerOps.All], [.. BitOps.All], [.. FloatOps.All], [.. CompareOps.All], [.. ConversionOps.All]];

    public static int Bits(string type) => type == "pred" ? 1 : type.EndsWith("64", StringComparison.Ordinal) ? 64 : type is "f16" or "bf16"
        || type.EndsWith("16", StringComparison.Ordinal) ? 16 : 32;
}

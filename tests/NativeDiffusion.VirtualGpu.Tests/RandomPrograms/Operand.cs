namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>A register by its number within its width, or a constant.</summary>
internal readonly record struct Operand(string Type, int Register, ulong? Constant)
{
    public string Text => (Type, Constant) switch
    {
        ("pred", _) => $"p{Register}",
        (_, null) => $"{Op.Bits(Type) switch { 16 => "h", 32 => "r", _ => "l" }}{Register}",
        ("f32", { } bits) => $"0f{bits:X8}",
        ("f64", { } bits) => $"0d{bits:X16}",
        (_, { } bits) => $"0x{bits:x}",
    };
}

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>How many registers of each width a program has, and their layout in a thread's words of input and output.</summary>
internal static class Registers
{
    public const int Halves = 4, Words = 8, Longs = 6, Predicates = 4;

    /// <summary>64-bit words per thread.</summary>
    public const int Total = Halves + Words + Longs + Predicates;

    /// <summary>Words in the table that all threads read, and in the array of each.</summary>
    public const int TableWords = 64, LocalWords = 8;

    public static int Count(string type) => type == "pred" ? Predicates : Op.Bits(type) switch { 16 => Halves, 32 => Words, _ => Longs };

    /// <summary>Index of a register among a thread's.</summary>
    public static int Place(string type, int register) =>
        register + (type == "pred" ? Halves + Words + Longs : Op.Bits(type) switch { 16 => 0, 32 => Halves, _ => Halves + Words });
}

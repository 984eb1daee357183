using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// One machine instruction: 128 bits, of which the top 23 hold what the assembler decided about its timing (unchanged from compute capability
/// 7.0 to 12.1).
/// </summary>
public readonly record struct SassInstruction
{
    /// <summary>Bytes of an instruction.</summary>
    public const int Bytes = 16;

    private const int AlwaysTrue = 7;
    private const int NoBarrier = 7;

    internal SassInstruction(int offset, ulong low, ulong high, string mnemonic, InstructionClass kind, int? target)
    {
        (Offset, Low, High) = (offset, low, high);
        (Mnemonic, Class, Target) = (mnemonic, kind, target);
    }

    /// <summary>Its place in the kernel's code, in bytes.</summary>
    public int Offset { get; }

    /// <summary>Bits 0 to 63.</summary>
    public ulong Low { get; }

    /// <summary>Bits 64 to 127.</summary>
    public ulong High { get; }

    /// <summary>The name that nvdisasm prints, up to the first dot; the number where the instruction is not in the table (OP_1A2).</summary>
    public string Mnemonic { get; }

    /// <summary>The hardware unit that executes it, roughly.</summary>
    public InstructionClass Class { get; }

    /// <summary>Its target: the byte offset of a branch, a call or the set-up of a reconvergence point. Null for all others.</summary>
    public int? Target { get; }

    /// <summary>Bits 0 to 11: operation (9 bits) and form of operands.</summary>
    public int Opcode => (int)(Low & 0xfff);

    /// <summary>The guard predicate register, 0 to 6; 7 is the constant true.</summary>
    public int Predicate => (int)(Low >> 12) & 7;

    /// <summary>True if the guard is negated.</summary>
    public bool IsNegated => ((Low >> 15) & 1) != 0;

    /// <summary>True if it is guarded.</summary>
    public bool IsConditional => Predicate != AlwaysTrue || IsNegated;

    /// <summary>True if its guard is never true: it occupies an issue slot without effect (the assembler inserts such instructions as spacing).</summary>
    public bool IsNever => Predicate == AlwaysTrue && IsNegated;

    /// <summary>The stall count: cycles until the scheduler may issue this warp's next instruction.</summary>
    public int Stall => (int)(High >> 41) & 0xf;

    /// <summary>Its minimum cost for the warp in cycles: its stall count, at least one.</summary>
    public int Cycles => Math.Max(1, Stall);

    /// <summary>True if the assembler hints to switch to another warp.</summary>
    public bool Yields => ((High >> 45) & 1) == 0;

    /// <summary>The scoreboard (0 to 5) released when its result is written; -1 for none.</summary>
    public int WriteBarrier => Barrier((int)(High >> 46) & 7);

    /// <summary>The scoreboard (0 to 5) released when its operands are read; -1 for none.</summary>
    public int ReadBarrier => Barrier((int)(High >> 49) & 7);

    /// <summary>The scoreboards that it waits for, one bit each.</summary>
    public int WaitMask => (int)(High >> 52) & 0x3f;

    /// <summary>Bytes per thread of a load or store, from its width field; 0 for all other instructions.</summary>
    public int AccessBytes => Class is InstructionClass.Local or InstructionClass.GlobalLoad or InstructionClass.GlobalStore or InstructionClass.SharedLoad
        or InstructionClass.SharedStore
        ? (((int)(High >> 9)) & 7) switch { 0 or 1 => 1, 2 or 3 => 2, 4 => 4, 5 => 8, 6 => 16, _ => 0 }
        : 0;

    private static int Barrier(int field) => field == NoBarrier ? -1 : field;
}

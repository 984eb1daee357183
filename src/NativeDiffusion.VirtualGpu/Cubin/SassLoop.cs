using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// A loop of machine code and what one pass of it costs: every instruction in it once, those behind a condition too, slow paths for lanes that
/// are apart left out.
/// </summary>
public sealed class SassLoop
{
    internal SassLoop(int start, int end, int depth, IReadOnlyList<SassInstruction> instructions)
    {
        (Start, End, Depth, Instructions) = (start, end, depth, instructions);
        StallCycles = instructions.Sum(instruction => instruction.Cycles);
        Tensor = Count(InstructionClass.Matrix);
    }

    /// <summary>The byte offset at which a pass starts.</summary>
    public int Start { get; }

    /// <summary>The byte offset behind its last instruction; other code may lie between.</summary>
    public int End { get; }

    /// <summary>Loops around it.</summary>
    public int Depth { get; }

    /// <summary>Its instructions, by address.</summary>
    public IReadOnlyList<SassInstruction> Instructions { get; }

    /// <summary>True where no other loop is in it.</summary>
    public bool IsInnermost { get; internal set; } = true;

    /// <summary>
    /// Cycles that one warp takes for a pass at the least, by what the assembler lets pass between instructions; waits for memory come on top.
    /// </summary>
    public int StallCycles { get; }

    /// <summary>Tensor-core instructions (HMMA and its kin).</summary>
    public int Tensor { get; }

    /// <summary>Loads of matrix fragments from shared memory.</summary>
    public int MatrixLoads => Count("LDSM");

    /// <summary>Instructions for each tensor-core instruction; NaN without any.</summary>
    public double InstructionsPerTensor => PerTensor(Instructions.Count);

    /// <summary>Loads of matrix fragments for each tensor-core instruction; NaN without any.</summary>
    public double MatrixLoadsPerTensor => PerTensor(MatrixLoads);

    /// <summary>Stall cycles for each tensor-core instruction; NaN without any.</summary>
    public double StallCyclesPerTensor => PerTensor(StallCycles);

    /// <summary>How many instructions of a name there are (HMMA, LDSM, LDS, LDGSTS, BAR), without those that never run.</summary>
    public int Count(string mnemonic) => Instructions.Count(instruction => instruction.Mnemonic == mnemonic && !instruction.IsNever);

    /// <summary>How many instructions of a class there are, without those that never run.</summary>
    public int Count(InstructionClass kind) => Instructions.Count(instruction => instruction.Class == kind && !instruction.IsNever);

    private double PerTensor(int count) => Tensor == 0 ? double.NaN : (double)count / Tensor;
}

using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// A loop of machine code and the cost of one iteration: every instruction in it once, conditional ones too, slow paths for diverged
/// lanes excluded.
/// </summary>
public sealed class SassLoop
{
    internal SassLoop(int start, int end, int depth, IReadOnlyList<SassInstruction> instructions)
    {
        (Start, End, Depth, Instructions) = (start, end, depth, instructions);
        StallCycles = instructions.Sum(instruction => instruction.Cycles);
        Tensor = Count(InstructionClass.Matrix);
    }

    /// <summary>The byte offset of the loop's start.</summary>
    public int Start { get; }

    /// <summary>The byte offset past its last instruction; other code may lie between.</summary>
    public int End { get; }

    /// <summary>The nesting depth: enclosing loops.</summary>
    public int Depth { get; }

    /// <summary>Its instructions, by address.</summary>
    public IReadOnlyList<SassInstruction> Instructions { get; }

    /// <summary>True if it contains no other loop.</summary>
    public bool IsInnermost { get; internal set; } = true;

    /// <summary>
    /// The minimum cycles per warp of one iteration, by the assembler's stall counts; waits for memory come on top.
    /// </summary>
    public int StallCycles { get; }

    /// <summary>Tensor-core instructions (HMMA and similar).</summary>
    public int Tensor { get; }

    /// <summary>Loads of matrix fragments from shared memory.</summary>
    public int MatrixLoads => Count("LDSM");

    /// <summary>Instructions per tensor-core instruction; NaN without any.</summary>
    public double InstructionsPerTensor => PerTensor(Instructions.Count);

    /// <summary>Loads of matrix fragments per tensor-core instruction; NaN without any.</summary>
    public double MatrixLoadsPerTensor => PerTensor(MatrixLoads);

    /// <summary>Stall cycles per tensor-core instruction; NaN without any.</summary>
    public double StallCyclesPerTensor => PerTensor(StallCycles);

    /// <summary>The count of instructions of a name (HMMA, LDSM, LDS, LDGSTS, BAR), without those that never execute.</summary>
    public int Count(string mnemonic) => Instructions.Count(instruction => instruction.Mnemonic == mnemonic && !instruction.IsNever);

    /// <summary>The count of instructions of a class, without those that never execute.</summary>
    public int Count(InstructionClass kind) => Instructions.Count(instruction => instruction.Class == kind && !instruction.IsNever);

    private double PerTensor(int count) => Tensor == 0 ? double.NaN : (double)count / Tensor;
}

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The class of an instruction by the hardware unit that executes it.</summary>
public enum InstructionClass
{
    /// <summary>Integer and logic.</summary>
    Integer,
    /// <summary>Single precision.</summary>
    Float32,
    /// <summary>Half precision and bfloat16.</summary>
    Float16,
    /// <summary>Double precision.</summary>
    Float64,
    /// <summary>The special function unit: reciprocals, roots, exponentials, sines.</summary>
    Special,
    /// <summary>Conversions between types.</summary>
    Conversion,
    /// <summary>Moves; most of them vanish in the assembler.</summary>
    Move,
    /// <summary>Comparisons, selections and predicate logic.</summary>
    Compare,
    /// <summary>Branches, calls, returns.</summary>
    Control,
    /// <summary>Loads from global memory.</summary>
    GlobalLoad,
    /// <summary>Stores to global memory.</summary>
    GlobalStore,
    /// <summary>Loads from shared memory.</summary>
    SharedLoad,
    /// <summary>Stores to shared memory.</summary>
    SharedStore,
    /// <summary>Loads and stores of local memory.</summary>
    Local,
    /// <summary>Reads of parameters and constants.</summary>
    Constant,
    /// <summary>Atomics and reductions.</summary>
    Atomic,
    /// <summary>cp.async copies and their groups.</summary>
    AsyncCopy,
    /// <summary>Loads and stores of matrix fragments (ldmatrix, stmatrix, movmatrix).</summary>
    MatrixLoad,
    /// <summary>Tensor-core products.</summary>
    Matrix,
    /// <summary>Shuffles, votes, matches and warp reductions.</summary>
    Warp,
    /// <summary>Barriers and fences.</summary>
    Barrier,
    /// <summary>Everything else.</summary>
    Other,
}

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Faults that are easily made in a kernel.</summary>
internal enum MutationClass
{
    /// <summary>A barrier of the block is missing.</summary>
    BarrierDropped,

    /// <summary>One group of asynchronous copies more may be on its way behind a wait.</summary>
    WaitOneMore,

    /// <summary>Asynchronous copies are not closed to a group.</summary>
    CommitDropped,

    /// <summary>A constant by which places in shared memory are permuted.</summary>
    SwizzleConstant,

    /// <summary>A distance between rows, slices or columns.</summary>
    Stride,

    /// <summary>A comparison of sizes lets one more in, or one less.</summary>
    PredicateBound,

    /// <summary>Two registers of a tensor-core instruction's operands change places.</summary>
    OperandsSwapped,

    /// <summary>A fence is missing, or reaches no farther than its block.</summary>
    FenceRemoved,

    /// <summary>A load takes the way for memory that nobody writes, though somebody may.</summary>
    NonCoherentLoad,

    /// <summary>What is read or written at the end lies elsewhere.</summary>
    EpilogueIndex,
}

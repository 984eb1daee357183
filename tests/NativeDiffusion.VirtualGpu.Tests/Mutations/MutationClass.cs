namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Common faults in kernels.</summary>
internal enum MutationClass
{
    /// <summary>A barrier of the block is missing.</summary>
    BarrierDropped,

    /// <summary>A wait leaves one more group of asynchronous copies in flight.</summary>
    WaitOneMore,

    /// <summary>A group of asynchronous copies is not committed.</summary>
    CommitDropped,

    /// <summary>A constant of the shared-memory swizzle.</summary>
    SwizzleConstant,

    /// <summary>A stride of rows, slices or columns.</summary>
    Stride,

    /// <summary>A bound is off by one.</summary>
    PredicateBound,

    /// <summary>Two registers of a tensor-core instruction's operands are swapped.</summary>
    OperandsSwapped,

    /// <summary>A fence is missing, or has block scope only.</summary>
    FenceRemoved,

    /// <summary>A non-coherent load of memory that the launch may write.</summary>
    NonCoherentLoad,

    /// <summary>A load or store of the epilogue has a wrong address.</summary>
    EpilogueIndex,
}

namespace NativeDiffusion.Cpu;

/// <summary>The strides of a kernel's left matrix. Known at compile time, so that rows become constant offsets of one pointer.</summary>
internal interface IGemmLayout
{
    /// <summary>Floats between adjacent rows.</summary>
    static abstract int RowStride { get; }

    /// <summary>Floats between adjacent depths, given the run-time stride.</summary>
    static abstract nint DepthStride(nint stride);
}

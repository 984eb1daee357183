namespace NativeDiffusion.Cpu;

/// <summary>How a kernel walks its left matrix. Known to the compiler, so that rows become constant offsets of one pointer.</summary>
internal interface IGemmLayout
{
    /// <summary>Floats between neighbouring rows.</summary>
    static abstract int RowStride { get; }

    /// <summary>Floats between neighbouring depths, given the run-time stride.</summary>
    static abstract nint DepthStride(nint stride);
}

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The source of a frame constant.</summary>
internal enum FrameConstantKind : byte
{
    Literal,
    /// <summary>The address of a variable plus Value, within its own space.</summary>
    Symbol,
    /// <summary>An address in local memory: Value past the start of the frame's own part.</summary>
    Local,
    /// <summary>A function's handle.</summary>
    Function,
    ThreadX,
    ThreadY,
    ThreadZ,
    BlockX,
    BlockY,
    BlockZ,
    BlockSizeX,
    BlockSizeY,
    BlockSizeZ,
    GridX,
    GridY,
    GridZ,
    Lane,
    WarpIndex,
    WarpCount,
    GridId,
    Multiprocessor,
    MultiprocessorCount,
    LaneMaskEqual,
    LaneMaskLess,
    LaneMaskLessEqual,
    LaneMaskGreater,
    LaneMaskGreaterEqual,
    DynamicShared,
    TotalShared,
}

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A place of a frame that is constant while a warp runs a block of the grid: an immediate, an address, a special register.</summary>
internal readonly record struct FrameConstant(int Place, int Bits, FrameConstantKind Kind, ulong Value, string? Symbol);

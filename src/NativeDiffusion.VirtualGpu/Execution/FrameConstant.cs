namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A place of a frame that holds the same for the whole life of a warp in a block: an immediate, an address, a special register.</summary>
internal readonly record struct FrameConstant(int Place, int Bits, FrameConstantKind Kind, ulong Value, string? Symbol);

using NativeDiffusion.VirtualGpu.Execution.Operations;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The compiled straight-line code of a block.</summary>
internal unsafe delegate void BodyDelegate(LaneOperation[] operations, Warp warp, byte* registers, uint mask);

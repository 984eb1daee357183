using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>The address operand of an instruction: a row of lanes, 32 or 64 bits wide, and a constant offset.</summary>
internal readonly record struct MemoryOperand(StateSpace Space, int Place, bool Is64, long Offset);

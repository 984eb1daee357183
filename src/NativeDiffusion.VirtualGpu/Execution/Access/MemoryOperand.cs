using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Where an instruction finds its addresses: a row of lanes, 32 or 64 bits wide, and a constant to add.</summary>
internal readonly record struct MemoryOperand(StateSpace Space, int Place, bool Is64, long Offset);

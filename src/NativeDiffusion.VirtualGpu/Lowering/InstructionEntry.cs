using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>Turns one instruction into operations.</summary>
/// <param name="instruction">The instruction.</param>
/// <param name="context">Places its operands and takes the operations.</param>
internal delegate void InstructionLowerer(PtxInstruction instruction, FunctionLowering context);

/// <summary>An entry of the table of instructions: how it is lowered, and what it counts as.</summary>
internal sealed record InstructionEntry(InstructionLowerer Lower, Func<PtxInstruction, InstructionClass> Class);

using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>Lowers one instruction to operations.</summary>
/// <param name="instruction">The instruction.</param>
/// <param name="context">Resolves its operands and receives the operations.</param>
internal delegate void InstructionLowerer(PtxInstruction instruction, FunctionLowering context);

/// <summary>An entry of the instruction table: its lowering and its class.</summary>
internal sealed record InstructionEntry(InstructionLowerer Lower, Func<PtxInstruction, InstructionClass> Class);

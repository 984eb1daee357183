using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>An entry of the opcode table.</summary>
/// <param name="Operation">The low 9 bits of the instruction.</param>
/// <param name="Mnemonic">Its name.</param>
/// <param name="Class">The hardware unit that executes it, roughly.</param>
/// <param name="From">The first architecture with this meaning.</param>
/// <param name="Through">The last one.</param>
/// <param name="Form">The operand form (bits 9 to 11) that identifies it; 0 if every form is this instruction.</param>
internal sealed record SassOpcode(int Operation, string Mnemonic, InstructionClass Class, int From = 75, int Through = int.MaxValue, int Form = 0);

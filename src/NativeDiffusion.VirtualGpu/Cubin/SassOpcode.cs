using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A line of the table of machine instructions.</summary>
/// <param name="Operation">The low 9 bits of the instruction.</param>
/// <param name="Mnemonic">Its name.</param>
/// <param name="Class">What unit it runs on, roughly.</param>
/// <param name="From">The first architecture on which the number means this.</param>
/// <param name="Through">The last one.</param>
/// <param name="Form">The form of operands (bits 9 to 11) that it is told by; 0 where every form is this instruction.</param>
internal sealed record SassOpcode(int Operation, string Mnemonic, InstructionClass Class, int From = 75, int Through = int.MaxValue, int Form = 0);

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>What a compilation made: code for one kind of card, and the PTX it was made from, which other cards can be given.</summary>
/// <param name="Architecture">What it was made for: <c>sm_90</c> with code, <c>compute_90</c> with PTX alone.</param>
/// <param name="Cubin">Code for exactly that architecture; empty for PTX alone.</param>
/// <param name="Ptx">The text, UTF-8.</param>
internal sealed record KernelImage(string Architecture, ReadOnlyMemory<byte> Cubin, ReadOnlyMemory<byte> Ptx);

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>A compilation that succeeded, with what the compiler said on the way.</summary>
/// <param name="Image">The code.</param>
/// <param name="Log">Registers, shared memory and spills of every entry; and warnings, of which our kernels have none.</param>
internal sealed record CompilerOutput(KernelImage Image, string Log);

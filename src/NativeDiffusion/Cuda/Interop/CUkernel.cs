namespace NativeDiffusion.Cuda.Interop;

/// <summary>A kernel of a library (context-free loading).</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUkernel(nint Value);

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A context.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUcontext(nint Value);

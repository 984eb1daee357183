namespace NativeDiffusion.Cuda.Interop;

/// <summary>A kernel of a loaded module.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUfunction(nint Value);

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A loaded module.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUmodule(nint Value);

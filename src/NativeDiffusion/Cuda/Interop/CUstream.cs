namespace NativeDiffusion.Cuda.Interop;

/// <summary>A stream; default is the legacy stream.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUstream(nint Value);

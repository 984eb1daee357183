namespace NativeDiffusion.Cuda.Interop;

/// <summary>An event.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUevent(nint Value);

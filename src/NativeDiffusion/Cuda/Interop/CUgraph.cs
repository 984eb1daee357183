namespace NativeDiffusion.Cuda.Interop;

/// <summary>A graph under construction.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraph(nint Value);

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A graph that can be launched.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraphExec(nint Value);

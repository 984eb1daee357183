namespace NativeDiffusion.Cuda.Interop;

/// <summary>A node of a graph.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUgraphNode(nint Value);

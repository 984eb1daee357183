namespace NativeDiffusion.Cuda.Interop;

/// <summary>A memory pool.</summary>
/// <param name="Value">The driver's pointer.</param>
public readonly record struct CUmemoryPool(nint Value);

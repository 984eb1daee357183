namespace NativeDiffusion.Cuda.Interop;

/// <summary>Device memory: an address of the card's.</summary>
/// <param name="Value">The address.</param>
public readonly record struct CUdeviceptr(ulong Value);

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A device, by the driver's number.</summary>
/// <param name="Value">The number.</param>
public readonly record struct CUdevice(int Value);

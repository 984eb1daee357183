namespace NativeDiffusion.Cuda.Interop;

/// <summary>A cuBLAS handle.</summary>
/// <param name="Value">The library's pointer.</param>
public readonly record struct cublasHandle_t(nint Value);

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Where alpha and beta lie.</summary>
public enum cublasPointerMode_t
{
    CUBLAS_POINTER_MODE_HOST = 0,
    CUBLAS_POINTER_MODE_DEVICE = 1,
}

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Algorithm choice; modern versions decide by themselves.</summary>
public enum cublasGemmAlgo_t
{
    CUBLAS_GEMM_DEFAULT = -1,
    CUBLAS_GEMM_DEFAULT_TENSOR_OP = 99,
}

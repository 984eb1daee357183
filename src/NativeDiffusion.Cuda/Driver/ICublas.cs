using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// The cuBLAS functions that the engine uses, one to one. Matrices are column major, as cuBLAS has them. alpha and beta are host
/// pointers in pointer mode host (the default), device addresses otherwise. A handle serves one thread at a time.
/// </summary>
public unsafe interface ICublas
{
    cublasStatus_t cublasCreate(out cublasHandle_t handle);
    cublasStatus_t cublasDestroy(cublasHandle_t handle);
    cublasStatus_t cublasGetVersion(cublasHandle_t handle, out int version);
    cublasStatus_t cublasSetStream(cublasHandle_t handle, CUstream streamId);
    cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, CUdeviceptr workspace, nuint workspaceSizeInBytes);
    cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode);
    cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode);
    cublasStatus_t cublasGemmEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, CUdeviceptr B, cudaDataType Btype, int ldb, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, cublasComputeType_t computeType, cublasGemmAlgo_t algo);
    cublasStatus_t cublasGemmStridedBatchedEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, long strideA, CUdeviceptr B, cudaDataType Btype, int ldb, long strideB, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, long strideC, int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo);
    byte* cublasGetStatusName(cublasStatus_t status);
    byte* cublasGetStatusString(cublasStatus_t status);
}

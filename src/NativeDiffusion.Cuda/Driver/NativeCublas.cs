using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The implementation by NVIDIA's cuBLAS.</summary>
internal sealed unsafe class NativeCublas : ICublas
{
    private NativeCublas()
    {
    }

    /// <summary>The machine's cuBLAS, or null if it is not installed.</summary>
    public static NativeCublas? Load() => LibraryLoader.Process.Cublas.IsFound ? new NativeCublas() : null;

    public cublasStatus_t cublasCreate(out cublasHandle_t handle) => CuBlas.cublasCreate_v2(out handle);
    public cublasStatus_t cublasDestroy(cublasHandle_t handle) => CuBlas.cublasDestroy_v2(handle);
    public cublasStatus_t cublasGetVersion(cublasHandle_t handle, out int version) => CuBlas.cublasGetVersion_v2(handle, out version);
    public cublasStatus_t cublasSetStream(cublasHandle_t handle, CUstream streamId) => CuBlas.cublasSetStream_v2(handle, streamId);
    public cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, CUdeviceptr workspace, nuint workspaceSizeInBytes) =>
        CuBlas.cublasSetWorkspace_v2(handle, workspace, workspaceSizeInBytes);
    public cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) => CuBlas.cublasSetMathMode(handle, mode);
    public cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode) => CuBlas.cublasSetPointerMode_v2(handle, mode);
    public cublasStatus_t cublasGemmEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, CUdeviceptr B, cudaDataType Btype, int ldb, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, cublasComputeType_t computeType, cublasGemmAlgo_t algo) =>
        CuBlas.cublasGemmEx(handle, transa, transb, m, n, k, alpha, A, Atype, lda, B, Btype, ldb, beta, C, Ctype, ldc, computeType, algo);
    public cublasStatus_t cublasGemmStridedBatchedEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, long strideA, CUdeviceptr B, cudaDataType Btype, int ldb, long strideB, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, long strideC, int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo) =>
        CuBlas.cublasGemmStridedBatchedEx(
            handle, transa, transb, m, n, k, alpha, A, Atype, lda, strideA, B, Btype, ldb, strideB, beta, C, Ctype, ldc, strideC, batchCount,
            computeType, algo);
    public byte* cublasGetStatusName(cublasStatus_t status) => CuBlas.cublasGetStatusName(status);
    public byte* cublasGetStatusString(cublasStatus_t status) => CuBlas.cublasGetStatusString(status);
}

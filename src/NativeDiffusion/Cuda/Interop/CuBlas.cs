using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>cuBLAS: declarations only, under the exported symbols. Called by <see cref="Driver.NativeCublas"/> alone.</summary>
internal static unsafe partial class CuBlas
{
    public const string Library = "cublas";

    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasCreate_v2(out cublasHandle_t handle);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasDestroy_v2(cublasHandle_t handle);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, out int version);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, CUstream streamId);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, CUdeviceptr workspace, nuint workspaceSizeInBytes);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasGemmEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, CUdeviceptr B, cudaDataType Btype, int ldb, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, cublasComputeType_t computeType, cublasGemmAlgo_t algo);
    [LibraryImport(Library)]
    public static partial cublasStatus_t cublasGemmStridedBatchedEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, long strideA, CUdeviceptr B, cudaDataType Btype, int ldb, long strideB, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, long strideC, int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo);
    [LibraryImport(Library)]
    public static partial byte* cublasGetStatusName(cublasStatus_t status);
    [LibraryImport(Library)]
    public static partial byte* cublasGetStatusString(cublasStatus_t status);
}

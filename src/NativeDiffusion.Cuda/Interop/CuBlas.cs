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

/// <summary>A cuBLAS handle.</summary>
/// <param name="Value">The library's pointer.</param>
public readonly record struct cublasHandle_t(nint Value);

/// <summary>Accumulation of a product.</summary>
public enum cublasComputeType_t
{
    CUBLAS_COMPUTE_16F = 64,
    CUBLAS_COMPUTE_32F = 68,
    CUBLAS_COMPUTE_32I = 72,
    CUBLAS_COMPUTE_32F_FAST_16F = 74,
    CUBLAS_COMPUTE_32F_FAST_TF32 = 77,
}

/// <summary>Algorithm selection; ignored by modern versions.</summary>
public enum cublasGemmAlgo_t
{
    CUBLAS_GEMM_DEFAULT = -1,
    CUBLAS_GEMM_DEFAULT_TENSOR_OP = 99,
}

/// <summary>Permitted roundings.</summary>
public enum cublasMath_t
{
    CUBLAS_DEFAULT_MATH = 0,
    CUBLAS_PEDANTIC_MATH = 2,
    CUBLAS_TF32_TENSOR_OP_MATH = 3,
    CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION = 16,
}

/// <summary>Whether an operand is read transposed (cuBLAS is column major).</summary>
public enum cublasOperation_t
{
    CUBLAS_OP_N = 0,
    CUBLAS_OP_T = 1,
    CUBLAS_OP_C = 2,
}

/// <summary>Memory of alpha and beta.</summary>
public enum cublasPointerMode_t
{
    CUBLAS_POINTER_MODE_HOST = 0,
    CUBLAS_POINTER_MODE_DEVICE = 1,
}

/// <summary>Status of a cuBLAS call; the names are NVIDIA's own.</summary>
public enum cublasStatus_t
{
    CUBLAS_STATUS_SUCCESS = 0,
    CUBLAS_STATUS_NOT_INITIALIZED = 1,
    CUBLAS_STATUS_ALLOC_FAILED = 3,
    CUBLAS_STATUS_INVALID_VALUE = 7,
    CUBLAS_STATUS_ARCH_MISMATCH = 8,
    CUBLAS_STATUS_MAPPING_ERROR = 11,
    CUBLAS_STATUS_EXECUTION_FAILED = 13,
    CUBLAS_STATUS_INTERNAL_ERROR = 14,
    CUBLAS_STATUS_NOT_SUPPORTED = 15,
    CUBLAS_STATUS_LICENSE_ERROR = 16,
}

/// <summary>Element types of cuBLAS operands.</summary>
public enum cudaDataType
{
    CUDA_R_32F = 0,
    CUDA_R_64F = 1,
    CUDA_R_16F = 2,
    CUDA_R_8I = 3,
    CUDA_R_32I = 10,
    CUDA_R_16BF = 14,
}

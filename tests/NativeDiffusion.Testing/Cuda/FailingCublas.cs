using System.Runtime.CompilerServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>cuBLAS before another one: what it is told to answer takes the place of a call. Counts calls, and handles that were not given back.</summary>
/// <param name="inner">The library that does the work.</param>
internal sealed unsafe class FailingCublas(ICublas inner) : ICublas
{
    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Handles that were made and not given back.</summary>
    public int Handles { get; private set; }

    /// <summary>Asked before each call with its number, from 1; null lets it through.</summary>
    public Func<int, cublasStatus_t?>? Rule { get; set; }

    /// <summary>The call that was answered in the library's place last, or null.</summary>
    public string? Failed { get; private set; }

    public cublasStatus_t cublasCreate(out cublasHandle_t handle)
    {
        handle = default;
        if (Fails(out cublasStatus_t status)) return status;
        Handles++;
        return inner.cublasCreate(out handle);
    }

    public cublasStatus_t cublasDestroy(cublasHandle_t handle)
    {
        if (Fails(out cublasStatus_t status)) return status;
        Handles--;
        return inner.cublasDestroy(handle);
    }

    public cublasStatus_t cublasGetVersion(cublasHandle_t handle, out int version)
    {
        version = default;
        return Fails(out cublasStatus_t status) ? status : inner.cublasGetVersion(handle, out version);
    }

    public cublasStatus_t cublasSetStream(cublasHandle_t handle, CUstream streamId) =>
        Fails(out cublasStatus_t status) ? status : inner.cublasSetStream(handle, streamId);

    public cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, CUdeviceptr workspace, nuint workspaceSizeInBytes) =>
        Fails(out cublasStatus_t status) ? status : inner.cublasSetWorkspace(handle, workspace, workspaceSizeInBytes);

    public cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) =>
        Fails(out cublasStatus_t status) ? status : inner.cublasSetMathMode(handle, mode);

    public cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode) =>
        Fails(out cublasStatus_t status) ? status : inner.cublasSetPointerMode(handle, mode);

    public cublasStatus_t cublasGemmEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, CUdeviceptr B, cudaDataType Btype, int ldb, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, cublasComputeType_t computeType, cublasGemmAlgo_t algo) =>
        Fails(out cublasStatus_t status)
            ? status
            : inner.cublasGemmEx(handle, transa, transb, m, n, k, alpha, A, Atype, lda, B, Btype, ldb, beta, C, Ctype, ldc, computeType, algo);

    public cublasStatus_t cublasGemmStridedBatchedEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, long strideA, CUdeviceptr B, cudaDataType Btype, int ldb, long strideB, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, long strideC, int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo) =>
        Fails(out cublasStatus_t status)
            ? status
            : inner.cublasGemmStridedBatchedEx(
                handle, transa, transb, m, n, k, alpha, A, Atype, lda, strideA, B, Btype, ldb, strideB, beta, C, Ctype, ldc, strideC, batchCount,
                computeType, algo);

    public byte* cublasGetStatusName(cublasStatus_t status) => inner.cublasGetStatusName(status);

    public byte* cublasGetStatusString(cublasStatus_t status) => inner.cublasGetStatusString(status);

    private bool Fails(out cublasStatus_t status, [CallerMemberName] string name = "")
    {
        cublasStatus_t? answer = Rule?.Invoke(++Calls);
        status = answer ?? default;
        if (answer is not null) Failed = name;
        return answer is not null;
    }
}

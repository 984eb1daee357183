using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;

namespace NativeDiffusion.VirtualGpu;

/// <summary>
/// cuBLAS over the virtual GPU's memory: matrix products of half, bfloat16 and single precision, in stream order. It rejects what would
/// invalidate a capture on a device: work with the default workspace, and a shape that is new to a handle.
/// </summary>
public sealed unsafe class VirtualCublas : ICublas
{
    private const int Version = 120100;
    private readonly VirtualCudaDriver _driver;
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, CublasState> _handles = [];
    private nint _next = 0x9000;

    /// <summary>Creates the library for a driver.</summary>
    public VirtualCublas(VirtualCudaDriver driver) => _driver = driver ?? throw new ArgumentNullException(nameof(driver));

    /// <inheritdoc/>
    public cublasStatus_t cublasCreate(out cublasHandle_t handle)
    {
        lock (_gate)
        {
            handle = default;
            if (_driver.cuCtxGetDevice(out CUdevice _) != CUresult.CUDA_SUCCESS) return cublasStatus_t.CUBLAS_STATUS_NOT_INITIALIZED;
            _next += 0x10;
            _handles.Add(_next, new CublasState());
            handle = new cublasHandle_t(_next);
            return cublasStatus_t.CUBLAS_STATUS_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public cublasStatus_t cublasDestroy(cublasHandle_t handle)
    {
        lock (_gate) return _handles.Remove(handle.Value) ? cublasStatus_t.CUBLAS_STATUS_SUCCESS : cublasStatus_t.CUBLAS_STATUS_NOT_INITIALIZED;
    }

    /// <inheritdoc/>
    public cublasStatus_t cublasGetVersion(cublasHandle_t handle, out int version)
    {
        version = Version;
        return cublasStatus_t.CUBLAS_STATUS_SUCCESS;
    }

    /// <inheritdoc/>
    public cublasStatus_t cublasSetStream(cublasHandle_t handle, CUstream streamId) => With(handle, state =>
    {
        state.Stream = streamId;
        // Setting the stream resets the workspace to the default one.
        state.HasWorkspace = false;
        return cublasStatus_t.CUBLAS_STATUS_SUCCESS;
    });

    /// <inheritdoc/>
    public cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, CUdeviceptr workspace, nuint workspaceSizeInBytes) => With(handle, state =>
    {
        if (workspace.Value % 256 != 0
            || (workspaceSizeInBytes > 0 && !_driver.IsDeviceRange(workspace, workspaceSizeInBytes))) return cublasStatus_t.CUBLAS_STATUS_INVALID_VALUE;
        state.HasWorkspace = workspaceSizeInBytes > 0;
        return cublasStatus_t.CUBLAS_STATUS_SUCCESS;
    });

    /// <inheritdoc/>
    public cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) => With(handle, _ => cublasStatus_t.CUBLAS_STATUS_SUCCESS);

    /// <inheritdoc/>
    public cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode) => With(handle, state =>
    {
        state.PointerMode = mode;
        return cublasStatus_t.CUBLAS_STATUS_SUCCESS;
    });

    /// <inheritdoc/>
    public cublasStatus_t cublasGemmEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, CUdeviceptr B, cudaDataType Btype, int ldb, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, cublasComputeType_t computeType, cublasGemmAlgo_t algo) =>
        cublasGemmStridedBatchedEx(handle, transa, transb, m, n, k, alpha, A, Atype, lda, 0, B, Btype, ldb, 0, beta, C, Ctype, ldc, 0, 1, computeType, algo);

    /// <inheritdoc/>
    public cublasStatus_t cublasGemmStridedBatchedEx(
        cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, void* alpha,
        CUdeviceptr A, cudaDataType Atype, int lda, long strideA, CUdeviceptr B, cudaDataType Btype, int ldb, long strideB, void* beta,
        CUdeviceptr C, cudaDataType Ctype, int ldc, long strideC, int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo)
    {
        lock (_gate)
        {
            if (!_handles.TryGetValue(handle.Value, out CublasState? state)) return cublasStatus_t.CUBLAS_STATUS_NOT_INITIALIZED;
            if (m < 0 || n < 0 || k < 0 || batchCount < 0 || alpha is null || beta is null) return cublasStatus_t.CUBLAS_STATUS_INVALID_VALUE;
            bool isTransposedA = transa != cublasOperation_t.CUBLAS_OP_N, isTransposedB = transb != cublasOperation_t.CUBLAS_OP_N;
            if (lda < Math.Max(1, isTransposedA ? k : m) || ldb < Math.Max(1, isTransposedB ? n : k)
                || ldc < Math.Max(1, m)) return cublasStatus_t.CUBLAS_STATUS_INVALID_VALUE;
            if (MatrixProduct.Find(Atype, Btype, Ctype, computeType) is not { } types) return cublasStatus_t.CUBLAS_STATUS_NOT_SUPPORTED;
            bool isOnDevice = state.PointerMode == cublasPointerMode_t.CUBLAS_POINTER_MODE_DEVICE;
            (float a, float b) = isOnDevice ? default : types.Scalars(alpha, beta);
            var product = new MatrixProduct(types, isTransposedA, isTransposedB, m, n, k)
            {
                Alpha = a,
                Beta = b,
                ScalarsOnDevice = isOnDevice ? ((ulong)alpha, (ulong)beta) : null,
                A = (A.Value, lda, strideA),
                B = (B.Value, ldb, strideB),
                C = (C.Value, ldc, strideC),
                Count = batchCount,
            };
            return m == 0 || n == 0 || batchCount == 0 ? cublasStatus_t.CUBLAS_STATUS_SUCCESS : Enqueue(state, product);
        }
    }

    /// <inheritdoc/>
    public byte* cublasGetStatusName(cublasStatus_t status) => _driver.TextOf(status.ToString());

    /// <inheritdoc/>
    public byte* cublasGetStatusString(cublasStatus_t status) => _driver.TextOf(status.ToString());

    private cublasStatus_t Enqueue(CublasState state, MatrixProduct product)
    {
        bool isFirst = state.Seen.Add(product.Shape);
        if (_driver.IsCapturing(state.Stream) && (isFirst || !state.HasWorkspace))
        {
            string why = isFirst ? "a shape that is new to this handle, for which it loads a kernel" : "the default workspace, for which it allocates memory";
            _driver.BreakCapture(state.Stream, $"cublasGemmEx with {why}");
            return cublasStatus_t.CUBLAS_STATUS_NOT_SUPPORTED;
        }
        return _driver.Enqueue(state.Stream, "cublasGemmEx", touched => _driver.Multiply(product, touched)) == CUresult.CUDA_SUCCESS
            ? cublasStatus_t.CUBLAS_STATUS_SUCCESS
            : cublasStatus_t.CUBLAS_STATUS_EXECUTION_FAILED;
    }

    private cublasStatus_t With(cublasHandle_t handle, Func<CublasState, cublasStatus_t> action)
    {
        lock (_gate) return _handles.TryGetValue(handle.Value, out CublasState? state) ? action(state) : cublasStatus_t.CUBLAS_STATUS_NOT_INITIALIZED;
    }
}

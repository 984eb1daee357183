using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

/// <summary>
/// Matrix products of the virtual cuBLAS against double precision: every transposition and type, columns with gaps between them, several at once.
/// </summary>
public sealed unsafe class CublasTests
{
    private const int M = 5, N = 7, K = 9, Gap = 3, Batch = 3;
    private const cudaDataType Single = cudaDataType.CUDA_R_32F, Half16 = cudaDataType.CUDA_R_16F, BFloat = cudaDataType.CUDA_R_16BF;
    private const cublasComputeType_t InSingle = cublasComputeType_t.CUBLAS_COMPUTE_32F, InHalf = cublasComputeType_t.CUBLAS_COMPUTE_16F;

    public static TheoryData<cudaDataType, cudaDataType, cublasComputeType_t> Types() => new()
    {
        { Single, Single, InSingle }, { Half16, Half16, InSingle }, { Half16, Single, InSingle }, { Half16, Half16, InHalf }, { BFloat, BFloat, InSingle },
            { BFloat, Single, InSingle },
        { Single, Single, cublasComputeType_t.CUBLAS_COMPUTE_32F_FAST_TF32 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Products_OfSmallIntegers_AreExact(cudaDataType factors, cudaDataType result, cublasComputeType_t compute)
    {
        foreach (bool isTransposedA in new[] { false, true })
        {
            foreach (bool isTransposedB in new[] { false, true })
            {
                foreach (bool isOnDevice in new[] { false, true })
                    foreach ((float alpha, float beta) in new[] { (1f, 0f), (0.5f, 2f), (0f, 1f) }) Check(
                        factors, result, compute, isTransposedA, isTransposedB, isOnDevice, alpha, beta);
            }
        }
    }

    /// <summary>Scalars on the device are read in stream order.</summary>
    [Fact]
    public void ScalarsOnTheDevice_ThatNobodyWrote_AreFound()
    {
        using var session = new DriverSession();
        VirtualCublas blas = Blas(session, out cublasHandle_t handle);
        Ok(blas.cublasSetPointerMode(handle, cublasPointerMode_t.CUBLAS_POINTER_MODE_DEVICE));
        CUdeviceptr ones = session.Upload(1, 1, 1, 1), scalars = session.Allocate(8);
        Ok(blas.cublasGemmEx(
            handle, default, default, 2, 2, 2, (void*)scalars.Value, ones, Single, 2, ones, Single, 2, (void*)(scalars.Value + 4), session.Upload(
                0, 0, 0, 0), Single, 2, InSingle, default));
        DriverSession.Ok(session.Driver.cuCtxSynchronize());
        Assert.All(session.Driver.Findings, finding => Assert.Equal(FindingKind.UninitializedGlobal, finding.Kind));
        Assert.Equal(2, session.Driver.Findings.Count);
    }

    /// <summary>Gaps between columns are neither read nor written.</summary>
    [Fact]
    public void GapsBetweenColumns_StayUnwritten()
    {
        using var session = new DriverSession();
        VirtualCublas blas = Blas(session, out cublasHandle_t handle);
        CUdeviceptr ones = session.Upload(1, 1, 1, 1), y = session.Allocate(20);
        float one = 1, zero = 0;
        Ok(blas.cublasGemmEx(handle, default, default, 2, 2, 2, &one, ones, Single, 2, ones, Single, 2, &zero, y, Single, 3, InSingle, default));
        // Reads the gap as a number.
        Ok(blas.cublasGemmEx(
            handle, default, default, 5, 1, 1, &one, y, Single, 5, ones, Single, 1, &zero, session.Allocate(20), Single, 5, InSingle, default));
        DriverSession.Ok(session.Driver.cuCtxSynchronize());
        Assert.Equal(y.Value + 8, Assert.Single(session.Driver.Findings).Address);
    }

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 2, 0)]
    public void EmptyProducts_ReadNothing(int m, int n, int k)
    {
        using var session = new DriverSession();
        VirtualCublas blas = Blas(session, out cublasHandle_t handle);
        CUdeviceptr y = session.Upload(BitConverter.SingleToInt32Bits(3), 0, 0, 0);
        float one = 1, two = 2;
        Ok(blas.cublasGemmEx(handle, default, default, m, n, k, &one, default, Single, 2, default, Single, 2, &two, y, Single, 2, InSingle, default));
        DriverSession.Ok(session.Driver.cuCtxSynchronize());
        Assert.Empty(session.Driver.Findings);
        Assert.Equal(k == 0 ? 6 : 3, BitConverter.Int32BitsToSingle(session.Download(y, 1)[0]));
    }

    /// <summary>A launch with programmatic stream serialization must also wait for a cuBLAS product, in a stream and in a captured graph.</summary>
    [Theory]
    [CombinatorialData]
    public void OverlappingLaunch_BehindAProduct_MustWait(bool isRecorded, bool waits)
    {
        using var session = new DriverSession(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.H100] });
        VirtualCublas blas = Blas(session, out cublasHandle_t handle);
        CUstream stream = session.Stream();
        Ok(blas.cublasSetStream(handle, stream));
        Ok(blas.cublasSetWorkspace(handle, session.Allocate(1024), 1024));
        CUdeviceptr ones = session.Upload(1, 1, 1, 1), y = session.Upload(0, 0, 0, 0), z = session.Upload(0, 0, 0, 0);
        CUfunction add = session.Function(LaunchAttributeTests.Waiting(waits), "add");
        Multiply();
        DriverSession.Ok(session.Driver.cuStreamSynchronize(stream));
        if (isRecorded) DriverSession.Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        Multiply();
        LaunchOverlapping();
        if (isRecorded)
        {
            DriverSession.Ok(session.Driver.cuStreamEndCapture(stream, out CUgraph graph));
            DriverSession.Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, default));
            DriverSession.Ok(session.Driver.cuGraphLaunch(exec, stream));
        }
        Assert.Equal(waits ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_LAUNCH_FAILED, session.Driver.cuStreamSynchronize(stream));
        if (waits) Assert.Empty(session.Driver.Findings);
        else Assert.Equal(FindingKind.MissingGridDependencyWait, Assert.Single(session.Driver.Findings).Kind);

        void Multiply()
        {
            float one = 1, zero = 0;
            Ok(blas.cublasGemmEx(handle, default, default, 2, 2, 2, &one, ones, Single, 2, ones, Single, 2, &zero, y, Single, 2, InSingle, default));
        }

        void LaunchOverlapping()
        {
            var attribute = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION };
            attribute.value.programmaticStreamSerializationAllowed = 1;
            var config =
                new CUlaunchConfig
                {
                    gridDimX = 1,
                    gridDimY = 1,
                    gridDimZ = 1,
                    blockDimX = 32,
                    blockDimY = 1,
                    blockDimZ = 1,
                    hStream = stream,
                    attrs = &attribute,
                    numAttrs = 1
                };
            ulong* values = stackalloc ulong[4];
            void** places = stackalloc void*[4];
            DriverSession.Pack([z, y, 1, 4], values, places);
            DriverSession.Ok(session.Driver.cuLaunchKernelEx(in config, add, places, null));
        }
    }

    private static void Check(
        cudaDataType factors, cudaDataType result, cublasComputeType_t compute, bool isTransposedA, bool isTransposedB, bool isOnDevice, float alpha,
            float beta)
    {
        using var session = new DriverSession();
        VirtualCublas blas = Blas(session, out cublasHandle_t handle);
        var a = new Matrices(isTransposedA ? K : M, isTransposedA ? M : K, 3);
        var b = new Matrices(isTransposedB ? N : K, isTransposedB ? K : N, 5);
        var c = new Matrices(M, N, 7);
        CUdeviceptr atA = a.Upload(session, factors), atB = b.Upload(session, factors), atC = c.Upload(session, result);

        int[] scalars =
            [.. new[] { alpha, beta }.Select(value => compute == InHalf ? BitConverter.HalfToUInt16Bits((Half)value) : BitConverter.SingleToInt32Bits(value))];
        CUdeviceptr atScalars = session.Upload(scalars);
        Ok(blas.cublasSetPointerMode(handle, isOnDevice ? cublasPointerMode_t.CUBLAS_POINTER_MODE_DEVICE : cublasPointerMode_t.CUBLAS_POINTER_MODE_HOST));
        fixed (int* here = scalars)
        {
            void* first = isOnDevice ? (void*)atScalars.Value : here, second = isOnDevice ? (void*)(atScalars.Value + 4) : here + 1;
            Ok(blas.cublasGemmStridedBatchedEx(
                handle, Operation(
                    isTransposedA), Operation(isTransposedB), M, N, K, first, atA, factors, a.Leading, a.Stride, atB, factors, b.Leading, b.Stride, second,
                atC, result, c.Leading, c.Stride, Batch, compute, cublasGemmAlgo_t.CUBLAS_GEMM_DEFAULT));
        }
        // Host scalars were read at the call; device scalars are read now.
        DriverSession.Ok(session.Driver.cuCtxSynchronize());
        FoundException.ThrowIfAny(session.Driver.Findings);

        float[] actual = c.Download(session, atC, result);
        for (int i = 0; i < Batch; i++)
        {
            for (int row = 0; row < M; row++)
            {
                for (int column = 0; column < N; column++)
                {
                    double sum = 0;
                    for (int k = 0; k < K; k++) sum += (double)(isTransposedA ? a.At(i, k, row) : a.At(i, row, k)) * (isTransposedB ? b.At(i, column, k)
                        : b.At(i, k, column));
                    Assert.Equal((alpha * sum) + (beta * c.At(i, row, column)), actual[c.Index(i, row, column)]);
                }
            }
        }
    }

    private static cublasOperation_t Operation(bool isTransposed) => isTransposed ? cublasOperation_t.CUBLAS_OP_T : cublasOperation_t.CUBLAS_OP_N;

    private static VirtualCublas Blas(DriverSession session, out cublasHandle_t handle)
    {
        var blas = new VirtualCublas(session.Driver);
        Ok(blas.cublasCreate(out handle));
        return blas;
    }

    private static void Ok(cublasStatus_t status) => Assert.Equal(cublasStatus_t.CUBLAS_STATUS_SUCCESS, status);

    /// <summary>Small integers in columns, with unwritten gaps between columns and matrices.</summary>
    private sealed class Matrices(int rows, int columns, int seed)
    {
        public int Leading => rows + Gap;

        public int Stride => (Leading * columns) + Gap;

        public int Index(int matrix, int row, int column) => (matrix * Stride) + (column * Leading) + row;

        public float At(int matrix, int row, int column) => (((Index(matrix, row, column) * seed) + (matrix * 11)) % 8) - 3;

        public CUdeviceptr Upload(DriverSession session, cudaDataType type)
        {
            int width = type == Single ? 4 : 2;
            CUdeviceptr at = session.Allocate(Batch * Stride * width);
            for (int matrix = 0; matrix < Batch; matrix++)
            {
                for (int column = 0; column < columns; column++)
                {
                    byte[] bytes = [.. Enumerable.Range(0, rows).SelectMany(row => Bytes(At(matrix, row, column), type))];
                    fixed (byte* from = bytes) DriverSession.Ok(
                        session.Driver.cuMemcpyHtoD(new CUdeviceptr(at.Value + (ulong)(Index(matrix, 0, column) * width)), from, (nuint)bytes.Length));
                }
            }
            return at;
        }

        public float[] Download(DriverSession session, CUdeviceptr at, cudaDataType type)
        {
            int width = type == Single ? 4 : 2;
            var bytes = new byte[Batch * Stride * width];
            fixed (byte* to = bytes) DriverSession.Ok(session.Driver.cuMemcpyDtoH(to, at, (nuint)bytes.Length));
            return [.. Enumerable.Range(0, Batch * Stride).Select(i => type == Single ? BitConverter.ToSingle(bytes, 4 * i)
                : type == Half16 ? (float)BitConverter.ToHalf(bytes, 2 * i)
                    : BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(bytes, 2 * i) << 16))];
        }

        private static byte[] Bytes(float value, cudaDataType type) => type == Single ? BitConverter.GetBytes(value)
            : type == Half16 ? BitConverter.GetBytes((Half)value) : BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
    }
}

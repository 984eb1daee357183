using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>Every call of a session with cuBLAS fails once: a product, one recorded into a graph, a batch.</summary>
public sealed unsafe class CublasFaultTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(cublasStatus_t.CUBLAS_STATUS_SUCCESS, 8)]
    [InlineData(cublasStatus_t.CUBLAS_STATUS_ALLOC_FAILED, 8)]
    [InlineData(cublasStatus_t.CUBLAS_STATUS_EXECUTION_FAILED, 8)]
    [InlineData((cublasStatus_t)777, 8)]
    public void Session_WithAFaultInAnyCall_EndsCleanly(cublasStatus_t fault, int atLeast)
    {
        int calls = int.MaxValue;
        for (int n = 1; n <= calls; n++)
        {
            using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
            int number = n;
            var cublas = new FailingCublas(new VirtualCublas(card)) { Rule = call => call == number && fault != default ? fault : null };

            Exception? thrown = Record.Exception(() => Session(card, cublas));

            if (fault == default)
            {
                Assert.Null(thrown);
                Assert.True(cublas.Calls >= atLeast);
                calls = 0;
            }
            else if (cublas.Failed is null)
            {
                // One more call than the session has.
                Assert.True(n > atLeast);
                calls = 0;
            }
            else if (thrown is null)
            {
                Assert.Equal("cublasDestroy", cublas.Failed);
            }
            else
            {
                CudaException exception = Assert.IsType<CudaException>(thrown);
                Assert.Equal((int)fault, exception.Status);
                Assert.Equal(cublas.Failed, exception.Call);
                Assert.Contains(Enum.GetName(fault) ?? "777", exception.Name, StringComparison.Ordinal);
                Assert.Contains("--no-cublas", exception.Message, StringComparison.Ordinal);
            }

            Assert.Equal(cublas.Failed == "cublasDestroy" ? 1 : 0, cublas.Handles);
            Assert.Empty(card.FindLeaks());
            Assert.DoesNotContain(card.Findings, finding => finding.Kind != FindingKind.Leak);
            cublas.Rule = null;
            Session(card, cublas);
        }
    }

    /// <summary>Misuse that NVIDIA's cuBLAS would accept silently is rejected and reported, and leaves stream and handle usable.</summary>
    [Fact]
    public void Capture_OfAShapeThatIsNew_IsRefused_AndWorksAfterAWarmUp()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var memory = new DeviceBuffer(context, 4096);
        using var workspace = new DeviceBuffer(context, 1024);
        using var blas = new CublasHandle(new VirtualCublas(card), stream, workspace);
        stream.Fill(memory.Pointer, 0, 4096);

        CudaException exception = Assert.Throws<CudaException>(() => stream.Capture(() => Multiply(blas, memory.Pointer)));

        Assert.Equal("CUBLAS_STATUS_NOT_SUPPORTED", exception.Name);
        Assert.False(stream.IsCapturing);
        Multiply(blas, memory.Pointer);
        using CudaGraph graph = stream.Capture(() => Multiply(blas, memory.Pointer));
        using CudaGraphExec exec = graph.Instantiate();
        exec.Launch(stream);
        stream.Synchronize();
        Assert.Equal(FindingKind.CaptureViolation, Assert.Single(card.Findings).Kind);
    }

    private static void Session(VirtualCudaDriver card, ICublas cublas)
    {
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var memory = new DeviceBuffer(context, 4 * Size * Size * 3);
        using var workspace = new DeviceBuffer(context, 1024);
        using var blas = new CublasHandle(cublas, stream, workspace);
        float[] ones = new float[Size * Size * 3];
        ones.AsSpan().Fill(1);
        stream.Upload<float>(ones, memory.Pointer);
        Multiply(blas, memory.Pointer);
        using CudaGraph graph = stream.Capture(() => Multiply(blas, memory.Pointer));
        using CudaGraphExec exec = graph.Instantiate();
        exec.Launch(stream);
        stream.Download<float>(memory.Pointer + (8 * Size * Size), ones.AsSpan(0, Size * Size));
        Assert.All(ones[..(Size * Size)], value => Assert.Equal(Size, value));
    }

    private static void Multiply(CublasHandle blas, DevicePointer memory)
    {
        float one = 1, zero = 0;
        const cudaDataType Single = cudaDataType.CUDA_R_32F;
        blas.Check(blas.Functions.cublasGemmEx(
            blas.Handle, cublasOperation_t.CUBLAS_OP_N, cublasOperation_t.CUBLAS_OP_T, Size, Size, Size, &one, memory, Single, Size, memory + (4 * Size * Size),
                Single, Size, &zero,
            memory + (8 * Size * Size), Single, Size, cublasComputeType_t.CUBLAS_COMPUTE_32F, cublasGemmAlgo_t.CUBLAS_GEMM_DEFAULT));
        blas.Check(blas.Functions.cublasGemmStridedBatchedEx(
            blas.Handle, cublasOperation_t.CUBLAS_OP_T, cublasOperation_t.CUBLAS_OP_N, Size, 1, Size, &one, memory, Single, Size, 0, memory + (4 * Size * Size),
                Single, Size, Size, &zero,
            memory + (8 * Size * Size), Single, Size, Size, 3, cublasComputeType_t.CUBLAS_COMPUTE_32F, cublasGemmAlgo_t.CUBLAS_GEMM_DEFAULT));
    }
}

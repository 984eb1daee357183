using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Driver and cuBLAS calls that are not allowed during stream capture.</summary>
internal static unsafe class CaptureDefects
{
    private const int Size = 4;

    public static IReadOnlyList<HostDefect> All { get; } =
    [
        During("cuMemAlloc", session => session.Driver.cuMemAlloc(out _, 16)),
        During("cuMemFree", session => session.Driver.cuMemFree(session.Spare)),
        During("cuMemHostAlloc", session => session.Driver.cuMemHostAlloc(out _, 16, CUmemhostalloc_flags.CU_MEMHOSTALLOC_NONE)),
        During("cuMemcpyHtoD", session =>
        {
            int value = 1;
            return session.Driver.cuMemcpyHtoD(session.Spare, &value, 4);
        }),
        During("cuModuleLoadDataEx", session =>
        {
            fixed (
                byte* text = System.Text.Encoding.UTF8.GetBytes(SmallKernels.Add + "\0")) return session.Driver.cuModuleLoadDataEx(out _, text, 0, null, null);
        }),
        During("cuCtxSynchronize", session => session.Driver.cuCtxSynchronize()),
        During("cuStreamSynchronize", session => session.Driver.cuStreamSynchronize(session.Captured)),
        During("cuStreamQuery", session => session.Driver.cuStreamQuery(session.Captured)),

        Blas("cuBLAS with its default workspace in a capture", "default workspace", (blas, handle, session, isWrong) =>
        {
            if (!isWrong) Blas(blas.cublasSetWorkspace(handle, session.Allocate(1024), 1024));
            Multiply(blas, handle, session.Spare, Size);
        }),
        Blas("cuBLAS with a shape that is new in a capture", "new to this handle", (blas, handle, session, isWrong) =>
        {
            Blas(blas.cublasSetWorkspace(handle, session.Allocate(1024), 1024));
            Multiply(blas, handle, session.Spare, isWrong ? Size - 1 : Size);
        }),
        Blas("cuBLAS whose workspace was reset by cublasSetStream", "default workspace", (blas, handle, session, isWrong) =>
        {
            Multiply(blas, handle, session.Spare, Size);
            CUdeviceptr workspace = session.Allocate(1024);
            if (isWrong) Blas(blas.cublasSetWorkspace(handle, workspace, 1024));
            Blas(blas.cublasSetStream(handle, session.Captured));
            if (!isWrong) Blas(blas.cublasSetWorkspace(handle, workspace, 1024));
        }),
    ];

    private static HostDefect During(string call, Func<CaptureScene, CUresult> make) =>
        new($"{call} during a capture", FindingKind.CaptureViolation, CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, call, (session, isWrong) =>
        {
            var scene = new CaptureScene(session);
            CUresult result = isWrong ? CUresult.CUDA_SUCCESS : make(scene);
            scene.Begin();
            if (isWrong) result = make(scene);
            CUresult end = scene.End();
            Assert.Equal(isWrong ? CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUresult.CUDA_SUCCESS, end);
            return result;
        });

    private static HostDefect Blas(string name, string says, Action<VirtualCublas, cublasHandle_t, CaptureScene, bool> prepare) =>
        new(name, FindingKind.CaptureViolation, CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, says, (session, isWrong) =>
        {
            var scene = new CaptureScene(session);
            var blas = new VirtualCublas(session.Driver);
            Blas(blas.cublasCreate(out cublasHandle_t handle));
            Blas(blas.cublasSetStream(handle, scene.Captured));
            prepare(blas, handle, scene, isWrong);
            Ok(session.Driver.cuStreamSynchronize(scene.Captured));
            scene.Begin();
            cublasStatus_t status = Multiply(blas, handle, scene.Spare, Size);
            Assert.Equal(isWrong ? cublasStatus_t.CUBLAS_STATUS_NOT_SUPPORTED : cublasStatus_t.CUBLAS_STATUS_SUCCESS, status);
            return scene.End();
        });

    private static void Blas(cublasStatus_t status) => Assert.Equal(cublasStatus_t.CUBLAS_STATUS_SUCCESS, status);

    private static cublasStatus_t Multiply(VirtualCublas blas, cublasHandle_t handle, CUdeviceptr memory, int rows)
    {
        float one = 1, zero = 0;
        const cudaDataType Single = cudaDataType.CUDA_R_32F;
        return blas.cublasGemmEx(
            handle, cublasOperation_t.CUBLAS_OP_N, cublasOperation_t.CUBLAS_OP_N, rows, Size, Size, &one, memory, Single, Size, memory, Single, Size, &zero,
            new CUdeviceptr(memory.Value + (4 * Size * Size)), Single, Size, cublasComputeType_t.CUBLAS_COMPUTE_32F, cublasGemmAlgo_t.CUBLAS_GEMM_DEFAULT);
    }
}

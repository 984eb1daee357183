using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Memory and contexts: use after release, use without a current context, leaks.</summary>
internal static unsafe class HostDefects
{
    private const CUresult Success = CUresult.CUDA_SUCCESS;
    private const CUresult Invalid = CUresult.CUDA_ERROR_INVALID_VALUE;
    private const CUresult IllegalAddress = CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;

    public static IReadOnlyList<HostDefect> All { get; } =
    [
        new("allocation on a thread without a context", FindingKind.NoContext, CUresult.CUDA_ERROR_INVALID_CONTEXT, "cuMemAlloc", (session, isWrong) =>
            OnThread(() =>
        {
            if (!isWrong) Ok(session.Driver.cuCtxPushCurrent(session.Context));
            return session.Driver.cuMemAlloc(out _, 16);
        })),
        new("launch on a thread without a context", FindingKind.NoContext, CUresult.CUDA_ERROR_INVALID_CONTEXT, "cuLaunchKernel", (session, isWrong) =>
        {
            CUfunction add = session.Function(SmallKernels.Add, "add");
            CUdeviceptr x = session.Upload(1);
            return OnThread(() =>
            {
                if (!isWrong) Ok(session.Driver.cuCtxPushCurrent(session.Context));
                return session.Launch(add, 1, 32, default, x, x, 1, 1);
            });
        }),
        new("call after popping the context", FindingKind.NoContext, CUresult.CUDA_ERROR_INVALID_CONTEXT, "cuMemFree", (session, isWrong) =>
        {
            CUdeviceptr x = session.Allocate(16);
            if (isWrong) Ok(session.Driver.cuCtxPopCurrent(out _));
            return session.Driver.cuMemFree(x);
        }),

        new("double free", FindingKind.UseAfterFree, Invalid, "double free", (session, isWrong) =>
        {
            CUdeviceptr x = session.Allocate(16), y = session.Allocate(16);
            Ok(session.Driver.cuMemFree(x));
            return session.Driver.cuMemFree(isWrong ? x : y);
        }),
        new("double free in stream order", FindingKind.UseAfterFree, Invalid, "double free", (session, isWrong) =>
        {
            CUdeviceptr x = session.Allocate(16), y = session.Allocate(16);
            Ok(session.Driver.cuMemFreeAsync(x, default));
            return session.Driver.cuMemFree(isWrong ? x : y);
        }),
        new("free of an address inside an allocation", FindingKind.OutOfBounds, Invalid, "not the start of an allocation", (session, isWrong) =>
            session.Driver.cuMemFree(new CUdeviceptr(session.Allocate(512).Value + (isWrong ? 256u : 0)))),
        new("copy past the end", FindingKind.OutOfBounds, Invalid, "cuMemcpyHtoD of 17 bytes", (session, isWrong) =>
        {
            byte* bytes = stackalloc byte[32];
            return session.Driver.cuMemcpyHtoD(session.Allocate(16), bytes, isWrong ? 17u : 16);
        }),
        new("fill past the end", FindingKind.OutOfBounds, Invalid, "cuMemset", (session, isWrong) =>
            session.Driver.cuMemsetD32Async(session.Allocate(16), 1, isWrong ? 5u : 4, default)),
        new("copy from freed memory", FindingKind.UseAfterFree, Invalid, "freed", (session, isWrong) =>
        {
            CUdeviceptr x = session.Upload(1, 2), y = session.Allocate(8);
            if (isWrong) Ok(session.Driver.cuMemFree(x));
            return session.Driver.cuMemcpyDtoDAsync(y, x, 8, default);
        }),
        new("kernel that reads freed memory", FindingKind.UseAfterFree, IllegalAddress, "freed", (session, isWrong) =>
        {
            CUdeviceptr x = session.Upload(1), y = session.Allocate(4);
            if (isWrong) Ok(session.Driver.cuMemFree(x));
            Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, default, y, x, 1, 1));
            return session.Driver.cuCtxSynchronize();
        }),
        new("memory freed in another stream while a kernel waits to use it", FindingKind.UseAfterFree, IllegalAddress, "freed", (session, isWrong) =>
        {
            CUstream first = session.Stream(), second = session.Stream();
            CUevent done = session.Event();
            CUdeviceptr x = session.Upload(1), y = session.Allocate(4);
            Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, first, y, x, 1, 1));
            Ok(session.Driver.cuEventRecord(done, first));
            if (!isWrong) Ok(session.Driver.cuStreamWaitEvent(second, done, 0));
            Ok(session.Driver.cuMemFreeAsync(x, second));
            Ok(session.Driver.cuStreamSynchronize(second));
            return session.Driver.cuStreamSynchronize(first);
        }),
        new("kernel that reads what the stream has yet to copy", FindingKind.UninitializedGlobal, CUresult.CUDA_ERROR_LAUNCH_FAILED, "uninitialized",
            (session, isWrong) =>
        {
            CUstream first = session.Stream(), second = session.Stream();
            CUevent done = session.Event();
            CUdeviceptr x = session.Allocate(4), y = session.Allocate(4);
            Ok(session.Driver.cuMemcpyHtoDAsync(x, session.Pinned(1), 4, first));
            Ok(session.Driver.cuEventRecord(done, first));
            if (!isWrong) Ok(session.Driver.cuStreamWaitEvent(second, done, 0));
            Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, second, y, x, 1, 1));
            return session.Driver.cuStreamSynchronize(second);
        }),

        Leak("bytes of device memory", session => session.Allocate(16), (driver, x) => driver.cuMemFree(x)),
        Leak("bytes of pinned memory", session => (nint)session.Pinned(1), (driver, x) => driver.cuMemFreeHost((void*)x)),
        Leak("streams were", session => session.Stream(), (driver, x) => driver.cuStreamDestroy(x)),
        Leak("events were", session => session.Event(), (driver, x) => driver.cuEventDestroy(x)),
        Leak("modules were", session => session.Load(SmallKernels.Add), (driver, x) => driver.cuModuleUnload(x)),
        Leak("graphs were", session =>
        {
            Ok(session.Driver.cuGraphCreate(out CUgraph graph, 0));
            return graph;
        }, (driver, x) => driver.cuGraphDestroy(x)),
    ];

    private static HostDefect Leak<T>(string what, Func<DriverSession, T> make, Func<VirtualCudaDriver, T, CUresult> release) =>
        new($"leak: {what} never released", FindingKind.Leak, Success, what, (session, isWrong) =>
        {
            T made = make(session);
            CUresult result = isWrong ? Success : release(session.Driver, made);
            session.Driver.FindLeaks();
            return result;
        });

    private static CUresult OnThread(Func<CUresult> call)
    {
        CUresult result = default;
        var thread = new Thread(() => result = call());
        thread.Start();
        thread.Join();
        return result;
    }
}

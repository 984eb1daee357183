using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A CUDA stream. Does not synchronize with the legacy stream, which others in the process may use. One thread at a time.</summary>
public sealed unsafe class CudaStream : CudaHandle, IKernelQueue
{
    // During capture: the modules and graphs that the captured graph will need.
    private HashSet<CudaHandle>? _recorded;

    /// <param name="context">The context, entered.</param>
    /// <param name="priority">Lower values run first: 0 is the default, negative ones run before it. Clamped to the device's range.</param>
    public CudaStream(CudaContext context, int priority = 0)
        : base(context)
    {
        CUresult made = context.Driver.cuStreamCreateWithPriority(out CUstream stream, CUstream_flags.CU_STREAM_NON_BLOCKING, priority);
        Take(made, stream.Value, call: nameof(ICudaDriver.cuStreamCreateWithPriority));
    }

    /// <summary>The driver's handle.</summary>
    public CUstream Handle => new(Value);

    /// <summary>Waits for all added work; errors inside kernels are reported here.</summary>
    public void Synchronize() => Context.Check(Context.Driver.cuStreamSynchronize(Handle));

    /// <summary>True if all added work has completed.</summary>
    public bool IsDone
    {
        get
        {
            CUresult status = Context.Driver.cuStreamQuery(Handle);
            if (status == CUresult.CUDA_ERROR_NOT_READY)
                return false;
            Context.Check(status, nameof(ICudaDriver.cuStreamQuery));
            return true;
        }
    }

    /// <summary>Work added from now on starts after the event's last record has completed.</summary>
    public void Wait(CudaEvent recorded) => Context.Check(Context.Driver.cuStreamWaitEvent(Handle, recorded.Handle, 0));

    /// <inheritdoc/>
    public void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        function.Prepare(sharedBytes, arguments);
        void** places = stackalloc void*[arguments.Length];
        fixed (KernelArgument* first = arguments)
        {
            KernelArgument.Places(first, arguments.Length, places);
            CUresult launched = Context.Driver.cuLaunchKernel(
                function.Handle, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)block.X, (uint)block.Y, (uint)block.Z, (uint)sharedBytes, Handle, places,
                    null);
            if (launched != CUresult.CUDA_SUCCESS)
                Context.Check(launched, $"cuLaunchKernel of {function.Name}, grid {grid}, block {block}, {sharedBytes} bytes of shared memory,");
        }

        AfterLaunch(function, grid, block);
    }

    /// <inheritdoc/>
    public void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, LaunchOptions options, params ReadOnlySpan<KernelArgument> arguments)
    {
        function.Prepare(sharedBytes, arguments);
        void** places = stackalloc void*[arguments.Length];
        CUlaunchAttribute* attributes = stackalloc CUlaunchAttribute[LaunchOptions.MaxAttributes];
        fixed (KernelArgument* first = arguments)
        {
            KernelArgument.Places(first, arguments.Length, places);
            var config = new CUlaunchConfig
            {
                gridDimX = (uint)grid.X,
                gridDimY = (uint)grid.Y,
                gridDimZ = (uint)grid.Z,
                blockDimX = (uint)block.X,
                blockDimY = (uint)block.Y,
                blockDimZ = (uint)block.Z,
                sharedMemBytes = (uint)sharedBytes,
                hStream = Handle,
                attrs = attributes,
                numAttrs = (uint)options.Write(attributes),
            };
            CUresult launched = Context.Driver.cuLaunchKernelEx(in config, function.Handle, places, null);
            if (launched != CUresult.CUDA_SUCCESS)
                Context.Check(launched, $"cuLaunchKernelEx of {function.Name}, grid {grid}, block {block}, {sharedBytes} bytes of shared memory, {options},");
        }

        AfterLaunch(function, grid, block);
    }

    private void AfterLaunch(CudaFunction function, Dim3 grid, Dim3 block)
    {
        Needs(function.Module);
        if (!Context.SynchronousLaunches || IsCapturing)
            return;
        CUresult ran = Context.Driver.cuStreamSynchronize(Handle);
        if (ran != CUresult.CUDA_SUCCESS)
            Context.Check(ran, $"cuStreamSynchronize after the launch of {function.Name}, grid {grid}, block {block},");
    }

    /// <summary>Copies values to the device, in stream order. They are read before the call returns.</summary>
    public void Upload<T>(ReadOnlySpan<T> from, DevicePointer to)
        where T : unmanaged
    {
        fixed (T* source = from)
            Context.Check(Context.Driver.cuMemcpyHtoDAsync(to, source, (nuint)from.Length * (nuint)sizeof(T), Handle));
        // The copy may still be reading memory that the caller, or the garbage collector, is about to change.
        Synchronize();
    }

    /// <summary>Copies values from the device after all previously added work, and waits for them.</summary>
    public void Download<T>(DevicePointer from, Span<T> to)
        where T : unmanaged
    {
        fixed (T* target = to)
        {
            Context.Check(Context.Driver.cuMemcpyDtoHAsync(target, from, (nuint)to.Length * (nuint)sizeof(T), Handle));
            Synchronize();
        }
    }

    /// <summary>Starts a copy from pinned memory, which must not change until the copy has completed.</summary>
    public void Upload(PinnedBuffer from, DevicePointer to, long bytes) =>
        Context.Check(Context.Driver.cuMemcpyHtoDAsync(to, from.Pointer, (nuint)bytes, Handle));

    /// <summary>Starts a copy to pinned memory; valid after the copy has completed.</summary>
    public void Download(DevicePointer from, PinnedBuffer to, long bytes) =>
        Context.Check(Context.Driver.cuMemcpyDtoHAsync(to.Pointer, from, (nuint)bytes, Handle));

    /// <summary>Starts a copy within the device.</summary>
    public void Copy(DevicePointer from, DevicePointer to, long bytes) =>
        Context.Check(Context.Driver.cuMemcpyDtoDAsync(to, from, (nuint)bytes, Handle));

    /// <summary>Starts a copy to another device's memory.</summary>
    public void CopyToPeer(DevicePointer from, CudaContext toContext, DevicePointer to, long bytes) =>
        Context.Check(Context.Driver.cuMemcpyPeerAsync(to, toContext.Handle, from, Context.Handle, (nuint)bytes, Handle));

    /// <summary>Sets bytes.</summary>
    public void Fill(DevicePointer to, byte value, long bytes) => Context.Check(Context.Driver.cuMemsetD8Async(to, value, (nuint)bytes, Handle));

    /// <summary>
    /// Captures the work that an action adds to the stream, instead of running it. Other threads' calls do not affect it, except synchronizing
    /// the device. For work that cannot be added to a graph node by node: cuBLAS. The graph keeps the modules of its kernels alive; memory,
    /// including cuBLAS's workspace, must be kept by the caller.
    /// </summary>
    /// <exception cref="CudaException">The capture was invalidated by a prohibited call.</exception>
    public CudaGraph Capture(Action record)
    {
        Context.Check(Context.Driver.cuStreamBeginCapture(Handle, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        HashSet<CudaHandle> needed = _recorded = [];
        try
        {
            record();
        }
        catch
        {
            // A stream in capture mode cannot be used otherwise; the partial capture is discarded.
            if (Context.Driver.cuStreamEndCapture(Handle, out CUgraph part) == CUresult.CUDA_SUCCESS)
                Context.Driver.cuGraphDestroy(part);
            throw;
        }
        finally
        {
            _recorded = null;
        }

        return CudaGraph.FromCapture(this, needed);
    }

    /// <summary>Registers a dependency of the work just added; a graph that is being captured keeps it alive.</summary>
    internal void Needs(CudaHandle other) => _recorded?.Add(other);

    /// <summary>True during capture.</summary>
    public bool IsCapturing
    {
        get
        {
            Context.Check(Context.Driver.cuStreamIsCapturing(Handle, out CUstreamCaptureStatus status));
            return status != CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_NONE;
        }
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuStreamDestroy(new CUstream(value));
}

using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Primary contexts, and each thread's stack of current ones.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <inheritdoc/>
    public CUresult cuDevicePrimaryCtxRetain(out CUcontext pctx, CUdevice dev)
    {
        lock (_gate)
        {
            pctx = default;
            CUresult result = Device(dev, out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            device.Retained++;
            pctx = device.Context;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuDevicePrimaryCtxRelease(CUdevice dev)
    {
        lock (_gate)
        {
            CUresult result = Device(dev, out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (device.Retained == 0) return CUresult.CUDA_ERROR_INVALID_CONTEXT;
            if (--device.Retained == 0) Tear(device);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuDevicePrimaryCtxGetState(CUdevice dev, out CUctx_flags flags, out int active)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        flags = result == CUresult.CUDA_SUCCESS ? device.Flags : default;
        active = result == CUresult.CUDA_SUCCESS && device.Retained > 0 ? 1 : 0;
        return result;
    }

    /// <inheritdoc/>
    public CUresult cuDevicePrimaryCtxSetFlags(CUdevice dev, CUctx_flags flags)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        if (result == CUresult.CUDA_SUCCESS) device.Flags = flags;
        return result;
    }

    /// <inheritdoc/>
    public CUresult cuCtxSetCurrent(CUcontext ctx)
    {
        CUresult result = Context(ctx, out VirtualDevice? device);
        if (result != CUresult.CUDA_SUCCESS) return result;
        Stack<VirtualDevice?> stack = _contexts.Value!;
        if (stack.Count > 0) stack.Pop();
        if (device is not null) stack.Push(device);
        return CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuCtxGetCurrent(out CUcontext pctx)
    {
        pctx = _contexts.Value!.TryPeek(out VirtualDevice? device) && device is not null ? device.Context : default;
        return Initialized;
    }

    /// <inheritdoc/>
    public CUresult cuCtxPushCurrent(CUcontext ctx)
    {
        CUresult result = Context(ctx, out VirtualDevice? device);
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (device is null) return CUresult.CUDA_ERROR_INVALID_CONTEXT;
        _contexts.Value!.Push(device);
        return CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuCtxPopCurrent(out CUcontext pctx)
    {
        pctx = default;
        if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
        if (!_contexts.Value!.TryPop(out VirtualDevice? device)) return CUresult.CUDA_ERROR_INVALID_CONTEXT;
        if (device is not null) pctx = device.Context;
        return CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuCtxSynchronize()
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Synchronizing);
            if (result != CUresult.CUDA_SUCCESS) return result;
            device.Drain();
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuCtxGetDevice(out CUdevice device)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice current);
            device = result == CUresult.CUDA_SUCCESS ? new CUdevice(current.Ordinal) : default;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuCtxSetLimit(CUlimit limit, nuint value)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (limit == CUlimit.CU_LIMIT_STACK_SIZE) device.StackBytes = (long)Math.Min(value, 512 * 1024);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuCtxGetLimit(out nuint pvalue, CUlimit limit)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            pvalue = result == CUresult.CUDA_SUCCESS && limit == CUlimit.CU_LIMIT_STACK_SIZE ? (nuint)device.StackBytes : 0;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuCtxEnablePeerAccess(CUcontext peerContext, uint Flags)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualDevice>(peerContext.Value) is not { } peer || peer == device) return CUresult.CUDA_ERROR_INVALID_DEVICE;
            return device.Peers.Add(peer.Ordinal) ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED;
        }
    }

    /// <inheritdoc/>
    public CUresult cuCtxDisablePeerAccess(CUcontext peerContext)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            return Find<VirtualDevice>(peerContext.Value) is { } peer && device.Peers.Remove(peer.Ordinal)
                ? CUresult.CUDA_SUCCESS
                : CUresult.CUDA_ERROR_PEER_ACCESS_NOT_ENABLED;
        }
    }

    private CUresult Context(CUcontext handle, out VirtualDevice? device)
    {
        device = null;
        if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
        if (handle.Value == 0) return CUresult.CUDA_SUCCESS;
        lock (_gate) device = Find<VirtualDevice>(handle.Value);
        return device is { Retained: > 0 } ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_INVALID_CONTEXT;
    }

    /// <summary>Destroys the context at its last release; everything that is still allocated in it is freed and reported as a leak.</summary>
    private void Tear(VirtualDevice device)
    {
        if (device.Broken == CUresult.CUDA_SUCCESS) device.Drain();
        foreach (Allocation allocation in _space.Live.Where(allocation => allocation.Device == device.Ordinal).ToList())
        {
            if (allocation.Kind == AllocationKind.Device)
                _findings.Add(Leak($"{allocation.Size} bytes of device memory at 0x{allocation.Address:X} were not freed before their context was destroyed."));
            _space.Free(allocation);
        }
        foreach ((nint handle, object item) in _handles.ToList())
        {
            bool isOwn = (item is VirtualModule module && module.Device == device) || (item is VirtualStream stream && device.Streams.Contains(stream));
            if (!isOwn) continue;
            _findings.Add(Leak($"a {(item is VirtualStream ? "stream" : "module")} was not destroyed before its context."));
            _handles.Remove(handle);
        }
        device.Streams.Clear();
        device.DefaultStream.Last = null;
        device.UsedBytes = 0;
        device.Broken = CUresult.CUDA_SUCCESS;
        device.Peers.Clear();
    }
}

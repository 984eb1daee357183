using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Device memory, pools, and host memory that devices can access.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <inheritdoc/>
    public CUresult cuMemGetInfo(out nuint free, out nuint total)
    {
        lock (_gate)
        {
            (free, total) = (0, 0);
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            (free, total) = ((nuint)(device.Model.MemoryBytes - device.UsedBytes), (nuint)device.Model.MemoryBytes);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemAlloc(out CUdeviceptr dptr, nuint bytesize)
    {
        lock (_gate)
        {
            dptr = default;
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            return result != CUresult.CUDA_SUCCESS ? result : Allocate(device, bytesize, out dptr);
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemFree(CUdeviceptr dptr)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS || dptr.Value == 0) return result;
            if (Owned(dptr.Value, "cuMemFree") is not { } allocation) return CUresult.CUDA_ERROR_INVALID_VALUE;
            // cuMemFree waits for everything that may still use the memory.
            device.Drain();
            Release(allocation);
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemAllocAsync(out CUdeviceptr dptr, nuint bytesize, CUstream hStream)
    {
        lock (_gate)
        {
            dptr = default;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is not null) return CUresult.CUDA_ERROR_NOT_SUPPORTED;
            return Allocate(device, bytesize, out dptr);
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS || dptr.Value == 0) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is not null) return CUresult.CUDA_ERROR_NOT_SUPPORTED;
            if (Owned(dptr.Value, "cuMemFreeAsync") is not { } allocation) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (device.Broken != CUresult.CUDA_SUCCESS)
            {
                Release(allocation);
                return device.Broken;
            }
            allocation.IsFreePending = true;
            return Add(device, stream, "cuMemFreeAsync", () => Release(allocation));
        }
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetDefaultMemPool(out CUmemoryPool pool_out, CUdevice dev)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        pool_out = result == CUresult.CUDA_SUCCESS ? device.Pool : default;
        return result;
    }

    /// <inheritdoc/>
    public CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value)
    {
        lock (_gate)
        {
            if (Find<VirtualDevice>(pool.Value) is not { } device || value is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (attr == CUmemPool_attribute.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD) device.ReleaseThreshold = *(ulong*)value;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value)
    {
        lock (_gate)
        {
            if (Find<VirtualDevice>(pool.Value) is not { } device || value is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
            *(ulong*)value = device.ReleaseThreshold;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemPoolTrimTo(CUmemoryPool pool, nuint minBytesToKeep)
    {
        lock (_gate) return Find<VirtualDevice>(pool.Value) is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuMemHostAlloc(out void* pp, nuint bytesize, CUmemhostalloc_flags Flags)
    {
        lock (_gate)
        {
            pp = null;
            CUresult result = Enter(out _, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (bytesize == 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            pp = NativeMemory.AlignedAlloc(bytesize, 4096);
            new UnmanagedMemory((byte*)pp, bytesize).Fill(0xCB);
            _space.AddHost((byte*)pp, bytesize, true);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemFreeHost(void* p)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS || p is null) return result;
            if (_space.Find((ulong)p) is not { Kind: AllocationKind.Host } allocation
                || allocation.Address != (ulong)p) return CUresult.CUDA_ERROR_INVALID_VALUE;
            device.Drain();
            _space.Free(allocation);
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemHostRegister(void* p, nuint bytesize, uint Flags)
    {
        lock (_gate)
        {
            CUresult result = Enter(out _, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (p is null || bytesize == 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (_space.Find((ulong)p) is { IsFreed: false }) return CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
            _space.AddHost((byte*)p, bytesize, false);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemHostUnregister(void* p)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (_space.Find((ulong)p) is not { Kind: AllocationKind.Host } allocation) return CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
            device.Drain();
            _space.Free(allocation);
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemHostGetDevicePointer(out CUdeviceptr pdptr, void* p, uint Flags)
    {
        lock (_gate)
        {
            pdptr = new CUdeviceptr((ulong)p);
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            return _space.Find((ulong)p) is { Kind: AllocationKind.Host } ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_INVALID_VALUE;
        }
    }

    /// <inheritdoc/>
    public CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr)
    {
        lock (_gate)
        {
            if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
            if (_space.Find(ptr.Value) is not { IsFreed: false } allocation) return CUresult.CUDA_ERROR_INVALID_VALUE;
            *(int*)data = attribute == CUpointer_attribute.CU_POINTER_ATTRIBUTE_MEMORY_TYPE
                ? allocation.Kind == AllocationKind.Host ? (int)CUmemorytype.CU_MEMORYTYPE_HOST : (int)CUmemorytype.CU_MEMORYTYPE_DEVICE
                : Math.Max(0, allocation.Device);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemGetAddressRange(out CUdeviceptr pbase, out nuint psize, CUdeviceptr dptr)
    {
        lock (_gate)
        {
            (pbase, psize) = (default, 0);
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (_space.Find(dptr.Value) is not { IsFreed: false } allocation) return CUresult.CUDA_ERROR_NOT_FOUND;
            (pbase, psize) = (new CUdeviceptr(allocation.Address), (nuint)allocation.Size);
            return CUresult.CUDA_SUCCESS;
        }
    }

    private CUresult Allocate(VirtualDevice device, nuint bytes, out CUdeviceptr pointer)
    {
        pointer = default;
        if (bytes == 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
        if ((long)bytes > device.Model.MemoryBytes - device.UsedBytes) return CUresult.CUDA_ERROR_OUT_OF_MEMORY;
        try
        {
            Allocation allocation = _space.Allocate(bytes, AllocationKind.Device, device.Ordinal);
            device.UsedBytes += (long)bytes;
            pointer = new CUdeviceptr(allocation.Address);
            return CUresult.CUDA_SUCCESS;
        }
        catch (OutOfMemoryException)
        {
            return CUresult.CUDA_ERROR_OUT_OF_MEMORY;
        }
    }

    /// <summary>Device memory that starts at the address and may be freed; otherwise a finding.</summary>
    private Allocation? Owned(ulong address, string call)
    {
        Allocation? allocation = _space.Find(address);
        if (allocation is { IsFreed: false, IsFreePending: false, Kind: AllocationKind.Device } && allocation.Address == address) return allocation;
        bool isTwice = allocation is { IsFreed: true } or { IsFreePending: true };
        string text = $"{call} of 0x{address:X}: {(isTwice ? "double free." : "not the start of an allocation of device memory.")}";
        _findings.Add(Finding.Of(isTwice ? FindingKind.UseAfterFree : FindingKind.OutOfBounds, text) with { Address = address });
        return null;
    }

    private void Release(Allocation allocation)
    {
        _devices[allocation.Device].UsedBytes -= (long)allocation.Size;
        _space.Free(allocation);
    }
}

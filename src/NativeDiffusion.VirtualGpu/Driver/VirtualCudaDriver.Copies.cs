using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Copies and fills. Pinned memory is read and written when the copy executes, pageable memory at the call.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    private CopyCounters _copies;

    /// <summary>Bytes moved by copies and fills so far.</summary>
    public CopyCounters Copies
    {
        get
        {
            lock (_gate) return _copies;
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemcpyHtoD(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount) =>
        Synchronous(CopyToDevice(dstDevice, srcHost, ByteCount, default, CaptureRule.Unsafe, nameof(cuMemcpyHtoD)));

    /// <inheritdoc/>
    public CUresult cuMemcpyDtoH(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount) =>
        Synchronous(CopyToHost(dstHost, srcDevice, ByteCount, default, CaptureRule.Unsafe, nameof(cuMemcpyDtoH)));

    /// <inheritdoc/>
    public CUresult cuMemcpyHtoDAsync(CUdeviceptr dstDevice, void* srcHost, nuint ByteCount, CUstream hStream) =>
        CopyToDevice(dstDevice, srcHost, ByteCount, hStream, CaptureRule.Safe, nameof(cuMemcpyHtoDAsync));

    /// <inheritdoc/>
    public CUresult cuMemcpyDtoHAsync(void* dstHost, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        CopyToHost(dstHost, srcDevice, ByteCount, hStream, CaptureRule.Safe, nameof(cuMemcpyDtoHAsync));

    /// <inheritdoc/>
    public CUresult cuMemcpyDtoDAsync(CUdeviceptr dstDevice, CUdeviceptr srcDevice, nuint ByteCount, CUstream hStream) =>
        CopyOnDevice(dstDevice, srcDevice, ByteCount, hStream, nameof(cuMemcpyDtoDAsync));

    /// <inheritdoc/>
    public CUresult cuMemcpyPeerAsync(
        CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, nuint ByteCount, CUstream hStream)
    {
        lock (_gate)
        {
            if (Find<VirtualDevice>(dstContext.Value) is not { Retained: > 0 } target
                || Find<VirtualDevice>(srcContext.Value) is not { Retained: > 0 } source) return CUresult.CUDA_ERROR_INVALID_CONTEXT;
            // An address of another device than the context's.
            if (IsElsewhere(dstDevice, target) || IsElsewhere(srcDevice, source)) return CUresult.CUDA_ERROR_INVALID_VALUE;
            return CopyOnDevice(dstDevice, srcDevice, ByteCount, hStream, nameof(cuMemcpyPeerAsync));
        }
    }

    /// <inheritdoc/>
    public CUresult cuMemsetD8Async(CUdeviceptr dstDevice, byte uc, nuint N, CUstream hStream) => Fill(dstDevice, uc, 1, N, hStream);

    /// <inheritdoc/>
    public CUresult cuMemsetD16Async(CUdeviceptr dstDevice, ushort us, nuint N, CUstream hStream) => Fill(dstDevice, us, 2, N, hStream);

    /// <inheritdoc/>
    public CUresult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, nuint N, CUstream hStream) => Fill(dstDevice, ui, 4, N, hStream);

    private bool IsElsewhere(CUdeviceptr pointer, VirtualDevice device) =>
        _space.Find(pointer.Value) is { Kind: AllocationKind.Device } allocation && allocation.Device != device.Ordinal;

    private CUresult Synchronous(CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS) return result;
        lock (_gate)
        {
            result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            device.DefaultStream.Last?.Run();
            return device.Broken;
        }
    }

    private CUresult CopyToDevice(CUdeviceptr to, void* from, nuint bytes, CUstream handle, CaptureRule rule, string call)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, rule, call);
            if (result != CUresult.CUDA_SUCCESS || bytes == 0) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (from is null || Range(to.Value, bytes, call) is not { } target) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (stream.Capture is { } capture)
                return CaptureCopy(capture, stream, Linear(CUmemorytype.CU_MEMORYTYPE_HOST, (ulong)from, CUmemorytype.CU_MEMORYTYPE_DEVICE, to.Value, bytes));
            ulong offset = to.Value - target.Address;
            if (IsPinned(from, bytes))
                return Add(device, stream, call, () => Upload(target, offset, (byte*)from, bytes));
            // Pageable memory may be changed as soon as the call returns.
            byte* staged = (byte*)NativeMemory.Alloc(bytes);
            Buffer.MemoryCopy(from, staged, bytes, bytes);
            return Add(device, stream, call, () =>
            {
                Upload(target, offset, staged, bytes);
                NativeMemory.Free(staged);
            });
        }
    }

    private CUresult CopyToHost(void* to, CUdeviceptr from, nuint bytes, CUstream handle, CaptureRule rule, string call)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, rule, call);
            if (result != CUresult.CUDA_SUCCESS || bytes == 0) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (to is null || Range(from.Value, bytes, call) is not { } source) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (stream.Capture is { } capture)
                return CaptureCopy(capture, stream, Linear(CUmemorytype.CU_MEMORYTYPE_DEVICE, from.Value, CUmemorytype.CU_MEMORYTYPE_HOST, (ulong)to, bytes));
            ulong offset = from.Value - source.Address;
            bool isLate = IsPinned(to, bytes) && rule == CaptureRule.Safe;
            // A host that reads before the copy has executed sees this pattern.
            if (isLate) new UnmanagedMemory((byte*)to, bytes).Fill(0xCD);
            result = Add(device, stream, call, () => Download((byte*)to, source, offset, bytes));
            if (!isLate) stream.Last?.Run();
            return result != CUresult.CUDA_SUCCESS ? result : device.Broken;
        }
    }

    private CUresult CopyOnDevice(CUdeviceptr to, CUdeviceptr from, nuint bytes, CUstream handle, string call)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Safe, call);
            if (result != CUresult.CUDA_SUCCESS || bytes == 0) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (Range(to.Value, bytes, call) is not { } target || Range(from.Value, bytes, call) is not { } source) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (stream.Capture is { } capture)
                return CaptureCopy(capture, stream, Linear(CUmemorytype.CU_MEMORYTYPE_DEVICE, from.Value, CUmemorytype.CU_MEMORYTYPE_DEVICE, to.Value, bytes));
            return Add(device, stream, call, () => Move(target, to.Value - target.Address, source, from.Value - source.Address, bytes));
        }
    }

    private CUresult Fill(CUdeviceptr to, uint value, int width, nuint count, CUstream handle)
    {
        const string Call = "cuMemsetAsync";
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS || count == 0) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            nuint bytes = count * (nuint)width;
            if (to.Value % (ulong)width != 0 || Range(to.Value, bytes, Call) is not { } target) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (stream.Capture is { } capture)
            {
                var fill = new CUDA_MEMSET_NODE_PARAMS { dst = to, value = value, elementSize = (uint)width, width = count, height = 1 };
                GraphNode node = CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET);
                node.Memset = fill;
                return CUresult.CUDA_SUCCESS;
            }
            return Add(device, stream, Call, () => Fill(target, to.Value - target.Address, value, width, bytes));
        }
    }

    /// <summary>The allocation that contains the whole range; otherwise a finding.</summary>
    private Allocation? Range(ulong address, nuint bytes, string call)
    {
        Allocation? allocation = _space.Find(address);
        if (allocation is { IsFreed: false } && allocation.Contains(address, bytes)) return allocation;
        string where = Execution.Access.GlobalAccess.Describe(allocation ?? _space.Nearest(address), address);
        FindingKind kind = allocation is { IsFreed: true } ? FindingKind.UseAfterFree : FindingKind.OutOfBounds;
        _findings.Add(Finding.Of(kind, $"{call} of {bytes} bytes at 0x{address:X}: {where}.") with { Address = address });
        return null;
    }

    private bool IsPinned(void* pointer, nuint bytes) =>
        _space.Find((ulong)pointer) is { Kind: AllocationKind.Host, IsFreed: false } allocation && allocation.Contains((ulong)pointer, bytes);

    /// <summary>
    /// False, with a finding, if the memory was freed before the copy executed; false in a broken context, which executes nothing any more.
    /// </summary>
    private bool IsThere(Allocation allocation, string what)
    {
        if (allocation.Device >= 0 && _devices[allocation.Device].Broken != CUresult.CUDA_SUCCESS) return false;
        if (!allocation.IsFreed) return true;
        _findings.Add(
            Finding.Of(FindingKind.UseAfterFree, $"{what} executed at 0x{allocation.Address:X} after the memory was freed.") with
            {
                Address = allocation.Address,
            });
        return false;
    }

    private void Upload(Allocation target, ulong offset, byte* from, nuint bytes)
    {
        if (!IsThere(target, "A copy to the device")) return;
        new UnmanagedMemory(target.Bytes + offset, bytes).CopyFrom(from);
        target.Initialized.Mark(offset, bytes);
        target.Initialized.Consolidate();
        _copies = _copies with { Uploaded = _copies.Uploaded + (long)bytes };
    }

    private void Download(byte* to, Allocation source, ulong offset, nuint bytes)
    {
        if (!IsThere(source, "A copy to the host")) return;
        new UnmanagedMemory(to, bytes).CopyFrom(source.Bytes + offset);
        _copies = _copies with { Downloaded = _copies.Downloaded + (long)bytes };
    }

    private void Move(Allocation target, ulong targetOffset, Allocation source, ulong sourceOffset, nuint bytes)
    {
        if (!IsThere(target, "A copy on the device") || !IsThere(source, "A copy on the device")) return;
        Buffer.MemoryCopy(source.Bytes + sourceOffset, target.Bytes + targetOffset, bytes, bytes);
        source.Initialized.CopyTo(sourceOffset, target.Initialized, targetOffset, bytes);
        target.Initialized.Consolidate();
        _copies = _copies with { OnDevice = _copies.OnDevice + (long)bytes };
    }

    private void Fill(Allocation target, ulong offset, uint value, int width, nuint bytes)
    {
        if (!IsThere(target, "A fill")) return;
        byte* at = target.Bytes + offset;
        if (width == 1) new UnmanagedMemory(at, bytes).Fill((byte)value);
        else if (width == 2) for (nuint i = 0; i < bytes; i += 2) *(ushort*)(at + i) = (ushort)value;
        else for (nuint i = 0; i < bytes; i += 4) *(uint*)(at + i) = value;
        target.Initialized.Mark(offset, bytes);
        target.Initialized.Consolidate();
        _copies = _copies with { Filled = _copies.Filled + (long)bytes };
    }

    private static CUDA_MEMCPY3D Linear(CUmemorytype fromType, ulong from, CUmemorytype toType, ulong to, nuint bytes)
    {
        var copy = new CUDA_MEMCPY3D { srcMemoryType = fromType, dstMemoryType = toType, WidthInBytes = bytes, Height = 1, Depth = 1 };
        if (fromType == CUmemorytype.CU_MEMORYTYPE_HOST) copy.srcHost = (void*)from;
        else copy.srcDevice = new CUdeviceptr(from);
        if (toType == CUmemorytype.CU_MEMORYTYPE_HOST) copy.dstHost = (void*)to;
        else copy.dstDevice = new CUdeviceptr(to);
        return copy;
    }
}

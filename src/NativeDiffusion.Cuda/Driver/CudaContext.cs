using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// A device's primary context, shared with other users of the GPU in the process: retained once, released when this and
/// everything created in it is released, never reset. A thread uses it inside <see cref="Enter"/>.
/// </summary>
public sealed class CudaContext : SafeHandle
{
    private readonly CUdevice _device;
    private string? _brokenBy;
    private long _liveHandles;
    private long _bytesInUse;
    private bool _isDisposed;

    private CudaContext(ICudaDriver driver, CUdevice device, CudaDeviceProperties properties, bool synchronousLaunches, string name)
        : base(0, ownsHandle: true)
    {
        Driver = driver;
        Name = name;
        Device = properties;
        SynchronousLaunches = synchronousLaunches;
        _device = device;
    }

    /// <summary>The driver that it was opened with.</summary>
    public ICudaDriver Driver { get; }

    /// <summary>The device's name: <c>cuda:0</c>.</summary>
    public string Name { get; }

    /// <summary>The properties of the device.</summary>
    public CudaDeviceProperties Device { get; }

    /// <summary>Wait after each launch, so that an error inside a kernel names its launch.</summary>
    public bool SynchronousLaunches { get; }

    /// <summary>The call and status that corrupted the context, or null while it is valid.</summary>
    public string? BrokenBy => Volatile.Read(ref _brokenBy);

    /// <summary>Number of streams, events, modules, buffers and graphs of this context that were not released.</summary>
    public long LiveHandles => Interlocked.Read(ref _liveHandles);

    /// <summary>Bytes of device memory held through this context.</summary>
    public long BytesInUse => Interlocked.Read(ref _bytesInUse);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Opens a device.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="ordinal">The driver's ordinal of the device.</param>
    /// <param name="synchronousLaunches">Wait after each launch; null: if NDIFF_SYNC=1 is set in the environment.</param>
    /// <param name="backend">The name of the driver's backend, used in messages before the ordinal.</param>
    /// <exception cref="DeviceException">There is no such device, or the driver is too old.</exception>
    /// <exception cref="CudaException">A call failed.</exception>
    public static CudaContext Open(ICudaDriver driver, int ordinal = 0, bool? synchronousLaunches = null, string backend = "cuda")
    {
        CudaStatus.Check(driver, driver.cuInit(0));
        CudaStatus.Check(driver, driver.cuDriverGetVersion(out int version));
        if (version < DriverRequirements.Oldest)
        {
            throw new DeviceException(
                $"The NVIDIA driver supports CUDA {DriverRequirements.Text(version)}, but {DriverRequirements.Text(DriverRequirements.Oldest)} or newer is "
                    + $"needed: update the driver to version 525 or later.");
        }

        CudaStatus.Check(driver, driver.cuDeviceGetCount(out int count));
        if (ordinal < 0 || ordinal >= count)
            throw new DeviceException(
                $"There is no device {backend}:{ordinal}: the driver shows {count} card{(count == 1 ? "" : "s")}, counted from 0. "
                    + $"CUDA_VISIBLE_DEVICES may hide some.");

        CudaStatus.Check(driver, driver.cuDeviceGet(out CUdevice device, ordinal));
        CudaDeviceProperties properties = CudaDeviceProperties.Read(driver, device, ordinal);
        bool waits = synchronousLaunches ?? Environment.GetEnvironmentVariable("NDIFF_SYNC") == "1";
        var context = new CudaContext(driver, device, properties, waits, $"{backend}:{ordinal}");
        CudaStatus.Check(driver, driver.cuDevicePrimaryCtxRetain(out CUcontext retained, device));
        context.SetHandle(retained.Value);
        return context;
    }

    /// <summary>Makes the context the calling thread's current one until the result is disposed of.</summary>
    public ContextScope Enter()
    {
        ObjectDisposedException.ThrowIf(_isDisposed || IsInvalid, this);
        if (BrokenBy is string broken)
            throw new DeviceException(
                $"This device cannot be used any more, because {broken} lost its context. Dispose of everything on it and open it anew, or restart the "
                    + $"process.");
        Check(Driver.cuCtxPushCurrent(new CUcontext(handle)));
        return new ContextScope(this);
    }

    /// <summary>Throws unless the call succeeded; a status that corrupts the context marks it as broken.</summary>
    /// <param name="status">The driver's status.</param>
    /// <param name="call">The call's text, filled in by the compiler.</param>
    /// <exception cref="CudaException">It failed.</exception>
    public void Check(CUresult status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status == CUresult.CUDA_SUCCESS)
            return;
        string? before = BrokenBy is string broken ? $"The context was lost earlier, by {broken}. " : null;
        MarkBroken(status, CudaStatus.FunctionName(call));
        throw CudaStatus.Exception(Driver, status, call, before);
    }

    /// <summary>As <see cref="Check"/>, for a call that allocates memory.</summary>
    public void CheckAllocation(CUresult status, long bytes, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CUresult.CUDA_ERROR_OUT_OF_MEMORY)
        {
            Check(status, call);
            return;
        }

        string function = CudaStatus.FunctionName(call);
        bool known = Driver.cuMemGetInfo(out nuint free, out nuint total) == CUresult.CUDA_SUCCESS;
        string room = known ? $" of {Mebibytes((long)free)} free of {Mebibytes((long)total)}" : "";
        throw new CudaOutOfMemoryException(
            (int)status, nameof(CUresult.CUDA_ERROR_OUT_OF_MEMORY), function,
            $"{function} asked {Device.Name} ({Name}) for {Mebibytes(bytes)}{room}, which is not available: use a smaller picture or batch, or "
                + $"end other processes on the GPU (`nvidia-smi` lists them).",
            bytes, known ? (long)free : -1, known ? (long)total : -1);
    }

    /// <summary>Free and total bytes of device memory. Other processes use it too: the free size may change at any time.</summary>
    public (long Free, long Total) ReadMemory()
    {
        Check(Driver.cuMemGetInfo(out nuint free, out nuint total));
        return ((long)free, (long)total);
    }

    /// <summary>Enables peer access to another device's memory, if supported, for the lifetime of the context.</summary>
    /// <returns>False if it is not supported.</returns>
    public bool TryEnablePeer(CudaContext other)
    {
        Check(Driver.cuDeviceCanAccessPeer(out int can, _device, other._device));
        if (can == 0)
            return false;
        CUresult enabled = Driver.cuCtxEnablePeerAccess(other.Handle, 0);
        // The context is shared: peer access may already be enabled.
        if (enabled != CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED)
            Check(enabled, nameof(ICudaDriver.cuCtxEnablePeerAccess));
        return true;
    }

    /// <summary>
    /// Release threshold of the memory pool: freed bytes that the device keeps for later allocations; the rest is released when a stream is synchronized
    /// for.
    /// </summary>
    public unsafe void KeepFreed(long bytes)
    {
        ulong threshold = (ulong)bytes;
        Check(Driver.cuMemPoolSetAttribute(Pool(), CUmemPool_attribute.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold));
    }

    /// <summary>Trims the memory pool: releases freed memory that it keeps.</summary>
    public void TrimFreed(long bytesToKeep) => Check(Driver.cuMemPoolTrimTo(Pool(), (nuint)bytesToKeep));

    internal void MarkBroken(CUresult status, string function)
    {
        if (CudaStatus.IsSticky(status))
            Interlocked.CompareExchange(ref _brokenBy, $"{function} ({CudaStatus.Name(Driver, status)})", null);
    }

    internal void Count(int handles, long bytes)
    {
        Interlocked.Add(ref _liveHandles, handles);
        Interlocked.Add(ref _bytesInUse, bytes);
    }

    /// <summary>The raw handle, for calls with a context parameter.</summary>
    internal CUcontext Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new CUcontext(handle);
        }
    }

    /// <summary>Releases a resource on any thread; failures throw no exception, as no caller could handle them.</summary>
    internal bool Release(Func<ICudaDriver, CUresult> destroy)
    {
        if (Driver.cuCtxPushCurrent(new CUcontext(handle)) != CUresult.CUDA_SUCCESS)
            return false;
        CUresult status = destroy(Driver);
        MarkBroken(status, "giving back a resource");
        MarkBroken(Driver.cuCtxPopCurrent(out _), "cuCtxPopCurrent");
        return status == CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Objects of the context keep it alive; no new ones are created.
        _isDisposed = true;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Driver.cuDevicePrimaryCtxRelease(_device) == CUresult.CUDA_SUCCESS;

    private CUmemoryPool Pool()
    {
        Check(Driver.cuDeviceGetDefaultMemPool(out CUmemoryPool pool, _device));
        return pool;
    }

    private static string Mebibytes(long bytes) => $"{(bytes + (1 << 20) - 1) >> 20} MiB";
}

/// <summary>Makes the context the calling thread's current one for its lifetime, then restores the previous one. Stays on one thread.</summary>
public readonly ref struct ContextScope
{
    private readonly CudaContext _context;

    internal ContextScope(CudaContext context) => _context = context;

    /// <summary>Restores the thread's previous context.</summary>
    public void Dispose()
    {
        // A failed pop needs no handling: the next call that uses the context reports it.
        CUresult status = _context.Driver.cuCtxPopCurrent(out _);
        if (CudaStatus.IsSticky(status))
            _context.MarkBroken(status, "cuCtxPopCurrent");
    }
}

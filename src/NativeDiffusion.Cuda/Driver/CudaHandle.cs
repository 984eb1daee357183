using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// A resource of a context: created by one driver call, released by another, exactly once. It keeps its context alive,
/// so that resources may be disposed of, or finalized, in any order and on any thread.
/// </summary>
public abstract class CudaHandle : SafeHandle
{
    private List<CudaHandle>? _kept;
    private long _bytes;

    private protected CudaHandle(CudaContext context)
        : base(0, ownsHandle: true) => Context = context;

    /// <summary>The context that it belongs to.</summary>
    public CudaContext Context { get; }

    /// <inheritdoc/>
    public sealed override bool IsInvalid => handle == 0;

    /// <summary>True after disposal, even while others keep it alive.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The driver's handle.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    private protected nint Value
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed || IsInvalid, this);
            return handle;
        }
    }

    /// <summary>Throws if the driver's call failed; else owns the created object, and keeps the context.</summary>
    private protected void Take(CUresult status, nint value, long bytes = 0, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        Context.CheckAllocation(status, bytes, call);
        bool held = false;
        try
        {
            Context.DangerousAddRef(ref held);
        }
        catch (ObjectDisposedException)
        {
            Destroy(Context.Driver, value);
            throw;
        }

        SetHandle(value);
        _bytes = bytes;
        Context.Count(1, bytes);
    }

    /// <summary>Keeps another resource alive for the lifetime of this one.</summary>
    /// <exception cref="ObjectDisposedException">The other one was disposed of.</exception>
    private protected void Keep(CudaHandle other)
    {
        if (_kept?.Contains(other) == true)
            return;
        bool held = false;
        other.DangerousAddRef(ref held);
        (_kept ??= []).Add(other);
    }

    /// <summary>Keeps everything alive that another one keeps alive.</summary>
    private protected void KeepWhatIsKeptBy(CudaHandle other)
    {
        foreach (CudaHandle kept in other._kept ?? [])
            Keep(kept);
    }

    /// <summary>Calls the driver function that releases <paramref name="value"/>.</summary>
    private protected abstract CUresult Destroy(ICudaDriver driver, nint value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        bool released = Context.Release(driver => Destroy(driver, handle));
        Context.Count(-1, -_bytes);
        foreach (CudaHandle other in _kept ?? [])
            other.DangerousRelease();
        Context.DangerousRelease();
        return released;
    }
}

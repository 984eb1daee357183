using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>While it lives, the context is the calling thread's current one; after that, whatever was before it. Never leaves the thread.</summary>
internal readonly ref struct ContextScope
{
    private readonly CudaContext _context;

    internal ContextScope(CudaContext context) => _context = context;

    public void Dispose()
    {
        // A pop that fails leaves nothing to do: whoever needs the context next is told by his own call.
        CUresult status = _context.Driver.cuCtxPopCurrent(out _);
        if (CudaStatus.IsSticky(status))
            _context.MarkBroken(status, "cuCtxPopCurrent");
    }
}

using System.Diagnostics.CodeAnalysis;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Verification;

/// <summary>A card, real or virtual, that kernels' cases run on: context, stream, and the kernels that were loaded. One thread at a time.</summary>
public sealed class KernelDevice : IDisposable
{
    private readonly Dictionary<KernelVariant, IDisposable> _kernels = [];
    private readonly KernelLoader _loader;

    /// <param name="context">The card; disposed of with this.</param>
    /// <param name="loader">What kernels are loaded by.</param>
    internal KernelDevice(CudaContext context, KernelLoader loader)
    {
        (Context, _loader) = (context, loader);
        using ContextScope scope = context.Enter();
        Stream = new CudaStream(context);
    }

    /// <summary>As users write it: <c>cuda:0</c>.</summary>
    public string Name => Context.Name;

    /// <summary>What the card is.</summary>
    public CudaDeviceProperties Properties => Context.Device;

    /// <summary>The call that broke the card's context, after which nothing runs on it; or null.</summary>
    public string? BrokenBy => Context.BrokenBy;

    internal CudaContext Context { get; }

    internal CudaStream Stream { get; }

    /// <summary>
    /// Opens a card as the engine does: kernels are compiled by the backend's NVRTC where it has one, and kept; else they are the shipped PTX.
    /// </summary>
    /// <param name="backend">Where the card comes from; outlives the device.</param>
    /// <param name="card">What users write after the colon, as <c>0</c> of <c>cuda:0</c>; null for the first.</param>
    /// <exception cref="DeviceException">There is no such card, or no driver; the message says what to do.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The device that is returned owns the context.")]
    public static KernelDevice Open(ICudaBackend backend, string? card = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        CudaContext context = CudaContext.Open(backend.Driver, backend.OrdinalOf(card), backend: backend.Name);
        KernelCompiler? compiler = backend.Nvrtc is { } nvrtc ? new KernelCompiler(nvrtc, KernelList.Sources) : null;
        return new KernelDevice(context, new KernelLoader(context, compiler, new KernelCache(KernelCache.DefaultFolder), KernelList.ShippedPtx));
    }

    /// <summary>Gives kernels, stream and context back.</summary>
    public void Dispose()
    {
        foreach (IDisposable kernel in _kernels.Values) kernel.Dispose();
        Stream.Dispose();
        Context.Dispose();
    }

    /// <summary>A kernel's launcher, loaded when it is first asked for.</summary>
    /// <param name="variant">The kernel's compilation.</param>
    /// <param name="load">Loads it.</param>
    internal T Kernel<T>(KernelVariant variant, Func<KernelLoader, T> load)
        where T : class, IDisposable
    {
        if (!_kernels.TryGetValue(variant, out IDisposable? kernel)) _kernels.Add(variant, kernel = load(_loader));
        return (T)kernel;
    }
}

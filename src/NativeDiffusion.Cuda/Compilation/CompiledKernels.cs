using System.Collections.Concurrent;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>NVRTC's output for our kernels, with a cache on disk. Thread-safe; several processes may share the cache.</summary>
public sealed class CompiledKernels
{
    private readonly KernelCompiler _compiler;
    private readonly KernelCache? _cache;
    private string? _lost;

    /// <param name="compiler">NVRTC.</param>
    /// <param name="cache">The cache of compiled kernels, or null to always compile.</param>
    public CompiledKernels(KernelCompiler compiler, KernelCache? cache)
    {
        _compiler = compiler;
        _cache = cache;
    }

    /// <summary>The compiler.</summary>
    public KernelCompiler Compiler => _compiler;

    /// <summary>True if compiled kernels are cached on disk.</summary>
    public bool AreKept => _cache is not null;

    /// <summary>Why a compiled kernel could not be written to the cache; null if all were.</summary>
    public string? Lost => Volatile.Read(ref _lost);

    /// <summary>A kernel's cubin and PTX, or its PTX alone.</summary>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="CudaException">The compiler failed.</exception>
    public KernelImage Get(KernelVariant variant, string architecture)
    {
        string key = KernelCache.Key(_compiler.Sources, variant, architecture, _compiler.Version);
        if (_cache?.Read(key, architecture) is KernelImage kept)
            return kept;
        KernelImage image = _compiler.Compile(variant, architecture).Image;
        if (_cache?.Write(key, image) is { } lost)
            Volatile.Write(ref _lost, lost);
        return image;
    }

    /// <summary>Compiles several in parallel.</summary>
    /// <param name="variants">The kernels.</param>
    /// <param name="architecture">Such as <c>sm_90</c>.</param>
    /// <param name="progress">Receives the completed share, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Checked between kernels.</param>
    /// <returns>The failures; empty if all compile.</returns>
    public IReadOnlyCollection<DeviceException> GetAll(
        IReadOnlyCollection<KernelVariant> variants, string architecture, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var failures = new ConcurrentBag<DeviceException>();
        int done = 0;
        Parallel.ForEach(variants, new ParallelOptions { CancellationToken = cancellationToken }, variant =>
        {
            try
            {
                Get(variant, architecture);
            }
            catch (DeviceException exception)
            {
                failures.Add(exception);
            }

            progress?.Report((double)Interlocked.Increment(ref done) / variants.Count);
        });
        return failures;
    }
}

using System.Collections.Concurrent;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>What NVRTC makes of our kernels, taken from disk where it was made before. Thread-safe; several processes may share the disk.</summary>
public sealed class CompiledKernels
{
    private readonly KernelCompiler _compiler;
    private readonly KernelCache? _cache;
    private string? _lost;

    /// <param name="compiler">NVRTC.</param>
    /// <param name="cache">What was compiled before, or null to compile anew.</param>
    public CompiledKernels(KernelCompiler compiler, KernelCache? cache)
    {
        _compiler = compiler;
        _cache = cache;
    }

    /// <summary>The compiler that makes them.</summary>
    public KernelCompiler Compiler => _compiler;

    /// <summary>True if what is made is kept for the next time.</summary>
    public bool AreKept => _cache is not null;

    /// <summary>Why something that was made could not be kept; null where all of it was.</summary>
    public string? Lost => Volatile.Read(ref _lost);

    /// <summary>A kernel's code, or its PTX alone.</summary>
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

    /// <summary>Makes many in parallel.</summary>
    /// <param name="variants">The kernels.</param>
    /// <param name="architecture">As <c>sm_90</c>.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Ends the work between two kernels.</param>
    /// <returns>What went wrong: nothing, where all compile.</returns>
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

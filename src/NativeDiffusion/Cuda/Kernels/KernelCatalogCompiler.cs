using NativeDiffusion.Cuda.Compilation;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>NVRTC, as far as tools that look at the engine's kernels need it. Thread-safe.</summary>
internal sealed class KernelCatalogCompiler
{
    private readonly KernelCompiler _compiler;

    internal KernelCatalogCompiler(KernelCompiler compiler) => _compiler = compiler;

    /// <summary>As <c>12.1</c>.</summary>
    public string Version => _compiler.Version;

    /// <summary>Compute capabilities that it makes code for: 75, 80, ...</summary>
    public IReadOnlyList<int> Capabilities => _compiler.Capabilities;

    /// <summary>Compiles a kernel to machine code.</summary>
    /// <param name="kernel">One of <see cref="KernelCatalog.All"/>.</param>
    /// <param name="architecture">As <c>sm_90</c>.</param>
    /// <returns>The cubin.</returns>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="ArgumentException">There is no such kernel.</exception>
    public byte[] Compile(KernelListing kernel, string architecture)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return _compiler.Compile(KernelCatalog.Variant(kernel.Name), architecture).Image.Cubin.ToArray();
    }

    /// <summary>What is compiled for a card: <c>sm_90</c>, or <c>compute_90</c> where it is newer than the compiler; null if it is older than all.</summary>
    /// <param name="capability">The card's compute capability, as 120.</param>
    public string? ArchitectureFor(int capability) => _compiler.ArchitectureFor(capability);

    /// <summary>Compiles kernels in parallel and keeps them in <see cref="KernelCatalog.CacheFolder"/>; those that are there already stay.</summary>
    /// <param name="kernels">Some of <see cref="KernelCatalog.All"/>.</param>
    /// <param name="architecture">As <c>sm_90</c>.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Ends the work between two kernels.</param>
    /// <returns>What does not compile: nothing, where all is well.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IReadOnlyCollection<DeviceException> Keep(
        IEnumerable<KernelListing> kernels, string architecture, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        var compiled = new CompiledKernels(_compiler, new KernelCache(KernelCache.DefaultFolder));
        IReadOnlyCollection<DeviceException> failures = compiled.GetAll(
            [.. kernels.Select(kernel => KernelCatalog.Variant(kernel.Name))], architecture, progress, cancellationToken);
        // Pictures do without the disk; whoever asks for the kernels to be kept wants to know.
        if (compiled.Lost is { } reason)
            throw new IOException($"Compiled kernels cannot be kept in '{KernelCatalog.CacheFolder}': {reason} NDIFF_CACHE names another folder.");
        return failures;
    }
}

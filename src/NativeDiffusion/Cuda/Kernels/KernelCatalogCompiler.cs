using NativeDiffusion.Cuda.Compilation;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>NVRTC, as far as tools that look at the engine's kernels need it. Thread-safe.</summary>
public sealed class KernelCatalogCompiler
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
}

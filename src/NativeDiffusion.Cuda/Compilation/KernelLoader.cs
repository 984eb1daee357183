using System.Diagnostics.CodeAnalysis;
using System.Text;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// Loads kernels on a GPU. In this order: NVRTC's cubin for the GPU; the PTX of the same compilation, or of NVRTC's newest
/// architecture if it does not support the GPU, assembled by the driver; the PTX shipped with the program. Compiled kernels are cached on disk.
/// </summary>
public sealed class KernelLoader
{
    private readonly CudaContext _context;
    private readonly CompiledKernels? _compiled;
    private readonly ShippedPtx? _shipped;

    /// <param name="context">The context in which kernels are loaded.</param>
    /// <param name="compiler">NVRTC, or null on a machine without it.</param>
    /// <param name="cache">The cache of compiled kernels, or null to always compile.</param>
    /// <param name="shipped">PTX shipped with the program, or null if there is none.</param>
    public KernelLoader(CudaContext context, KernelCompiler? compiler, KernelCache? cache, ShippedPtx? shipped)
    {
        _context = context;
        _shipped = shipped;
        _compiled = compiler is null ? null : new CompiledKernels(compiler, cache);
    }

    /// <summary>Loads a kernel.</summary>
    /// <exception cref="KernelCompilationException">No form of it could be loaded; the message lists each attempt.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "A module that was made is returned at once.")]
    public CudaModule Load(KernelVariant variant)
    {
        List<string> attempts = [];
        List<string> logs = [];
        foreach ((string origin, string architecture, ReadOnlyMemory<byte> image) in Candidates(variant, attempts, logs))
        {
            CudaModule? module = TryLoad(image, out string log, out CUresult refused);
            if (module is not null)
                return module;
            string? place = log.Length == 0 ? null : PtxLocations.Translate(Encoding.UTF8.GetString(image.Span), log);
            attempts.Add($"{origin} for {architecture}: {refused}{(place is null ? "" : $", {place}")}");
            if (log.Length > 0)
                logs.Add(log);
        }

        throw new KernelCompilationException(
            $"{variant.Source} could not be loaded on {_context.Device.Name} (compute capability "
                + $"{_context.Device.ComputeCapability / 10}.{_context.Device.ComputeCapability % 10}): {string.Join("; ", attempts)}. {Advice()}",
            variant.Source, [.. variant.Options], string.Join('\n', logs));
    }

    /// <summary>Compiles kernels in parallel, so that <see cref="Load"/> finds them on disk; does nothing without NVRTC or cache.</summary>
    /// <param name="variants">The kernels.</param>
    /// <param name="progress">Receives the completed share, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Checked between kernels.</param>
    public void Prepare(IReadOnlyCollection<KernelVariant> variants, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        // A compilation error is reported by the load that needs the kernel, which has alternatives.
        if (_compiled is { AreKept: true } && _compiled.Compiler.ArchitectureFor(_context.Device.ComputeCapability) is string architecture)
            _compiled.GetAll(variants, architecture, progress, cancellationToken);
    }

    private IEnumerable<(string Origin, string Architecture, ReadOnlyMemory<byte> Image)> Candidates(
        KernelVariant variant, List<string> attempts, List<string> logs)
    {
        int capability = _context.Device.ComputeCapability;
        if (_compiled?.Compiler is not KernelCompiler compiler)
        {
            attempts.Add("NVRTC was not found");
        }
        else if (compiler.ArchitectureFor(capability) is not string architecture)
        {
            attempts.Add($"NVRTC {compiler.Version} does not support such an old GPU");
        }
        else if (Compiled(variant, architecture, attempts, logs) is KernelImage image)
        {
            if (!image.Cubin.IsEmpty)
                yield return ($"code of NVRTC {compiler.Version}", image.Architecture, image.Cubin);
            yield return ($"PTX of NVRTC {compiler.Version}", image.Architecture, image.Ptx);
        }

        if (_shipped?.For(variant, capability) is KernelImage shipped)
            yield return ("shipped PTX", shipped.Architecture, shipped.Ptx);
        else
            attempts.Add("there is no shipped PTX for it");
    }

    private CudaModule? TryLoad(ReadOnlyMemory<byte> image, out string log, out CUresult refused)
    {
        using ContextScope scope = _context.Enter();
        return CudaModule.Load(_context, image.Span, out log, out refused);
    }

    private KernelImage? Compiled(KernelVariant variant, string architecture, List<string> attempts, List<string> logs)
    {
        try
        {
            return _compiled!.Get(variant, architecture);
        }
        catch (KernelCompilationException exception)
        {
            attempts.Add(exception.Message);
            logs.Add(exception.Log);
        }
        catch (CudaException exception)
        {
            attempts.Add(exception.Message);
        }

        return null;
    }

    private string Advice() => _compiled is null
        ? "Install NVRTC (`ndiff doctor` says how) or update NVIDIA's driver."
        : "Update NVIDIA's driver, or install the NVRTC that belongs to it (`ndiff doctor` says how).";
}

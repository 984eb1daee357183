using System.Globalization;
using System.Text;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>Compiles kernels with NVRTC. Needs no GPU. Thread-safe.</summary>
public sealed unsafe class KernelCompiler
{
    // Products and sums are not contracted implicitly: a fused step is written __fmaf_rn. All functions are device functions.
    private static readonly string[] s_options = ["--std=c++17", "--fmad=false", "--device-as-default-execution-space"];

    // Line information costs nothing at run time and lets errors, profilers and the virtual GPU name the line. The assembler reports
    // registers and spills of every entry.
    private static readonly string[] s_reports = ["-lineinfo", "--ptxas-options=-v"];

    private readonly INvrtc _nvrtc;

    /// <param name="nvrtc">The compiler.</param>
    /// <param name="sources">The kernels' sources.</param>
    /// <exception cref="CudaException">The compiler failed.</exception>
    public KernelCompiler(INvrtc nvrtc, KernelSources sources)
    {
        _nvrtc = nvrtc;
        Sources = sources;
        Check(nvrtc.nvrtcVersion(out int major, out int minor), nameof(INvrtc.nvrtcVersion));
        Version = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}");
        Check(nvrtc.nvrtcGetNumSupportedArchs(out int count), nameof(INvrtc.nvrtcGetNumSupportedArchs));
        int[] capabilities = new int[count];
        fixed (int* first = capabilities)
            Check(nvrtc.nvrtcGetSupportedArchs(first), nameof(INvrtc.nvrtcGetSupportedArchs));
        Capabilities = capabilities;
    }

    /// <summary>The kernels' sources.</summary>
    public KernelSources Sources { get; }

    /// <summary>As <c>12.1</c>.</summary>
    public string Version { get; }

    /// <summary>Compute capabilities that it generates code for: 75, 80, ...; without architecture-specific ones (<c>a</c> suffix).</summary>
    public IReadOnlyList<int> Capabilities { get; }

    /// <summary>
    /// The target for a GPU: its own architecture if the compiler supports it; else PTX of the newest supported one that the GPU runs, for the
    /// driver to assemble. Null if the GPU is older than all.
    /// </summary>
    public string? ArchitectureFor(int capability)
    {
        if (Capabilities.Contains(capability))
            return string.Create(CultureInfo.InvariantCulture, $"sm_{capability}");
        int newest = Capabilities.Where(known => known < capability).DefaultIfEmpty(0).Max();
        return newest == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"compute_{newest}");
    }

    /// <summary>The options of a compilation that affect the generated code.</summary>
    public static IReadOnlyList<string> CodeOptions(KernelVariant variant, string architecture) =>
        [$"--gpu-architecture={architecture}", .. s_options, .. variant.Options];

    /// <summary>All options of a compilation.</summary>
    public static IReadOnlyList<string> Options(KernelVariant variant, string architecture) => [.. CodeOptions(variant, architecture), .. s_reports];

    /// <summary>Compiles a kernel.</summary>
    /// <param name="variant">The source and its macros.</param>
    /// <param name="architecture"><c>sm_90</c> for code and PTX, <c>compute_90</c> for PTX alone.</param>
    /// <exception cref="KernelCompilationException">It does not compile; the message names the line of the source.</exception>
    public CompilerOutput Compile(KernelVariant variant, string architecture) =>
        Compile(Sources.Text(variant.Source), variant, architecture);

    /// <summary>As <see cref="Compile(KernelVariant, string)"/>, with another text instead of the variant's source.</summary>
    internal CompilerOutput Compile(string source, KernelVariant variant, string architecture) =>
        Compile(source, variant, architecture, Options(variant, architecture));

    internal CompilerOutput Compile(string source, KernelVariant variant, string architecture, IReadOnlyList<string> options)
    {
        nvrtcResult status = Run(source, variant.Source, options, out byte[] cubin, out byte[] ptx, out string log);
        if (status == nvrtcResult.NVRTC_SUCCESS)
            return new CompilerOutput(new KernelImage(architecture, cubin, ptx), log);

        throw new KernelCompilationException(
            $"{variant.Source} does not compile for {architecture} with NVRTC {Version} ({status}): "
                + $"{FirstError(source, variant, architecture, log)}{Advice(status)}", variant.Source, options, log);
    }

    private nvrtcResult Run(string source, string name, IReadOnlyList<string> options, out byte[] cubin, out byte[] ptx, out string log)
    {
        cubin = ptx = [];
        log = "";
        string[] headers = [.. Sources.Headers];
        using var names = new Utf8Strings([name, .. headers, .. options]);
        using var texts = new Utf8Strings([source, .. headers.Select(Sources.Text)]);
        nvrtcResult status = _nvrtc.nvrtcCreateProgram(out nvrtcProgram program, texts[0], names[0], headers.Length, texts.From(1), names.From(1));
        if (status != nvrtcResult.NVRTC_SUCCESS)
            return status;
        try
        {
            status = _nvrtc.nvrtcCompileProgram(program, options.Count, names.From(1 + headers.Length));
            log = Log(program);
            if (status == nvrtcResult.NVRTC_SUCCESS)
                ptx = Ptx(program);
            if (status == nvrtcResult.NVRTC_SUCCESS && options[0].Contains("=sm_", StringComparison.Ordinal))
                cubin = Cubin(program);
            return status;
        }
        finally
        {
            _nvrtc.nvrtcDestroyProgram(ref program);
        }
    }

    private string Log(nvrtcProgram program)
    {
        if (_nvrtc.nvrtcGetProgramLogSize(program, out nuint size) != nvrtcResult.NVRTC_SUCCESS)
            return "";
        byte[] text = new byte[size];
        fixed (byte* first = text)
            return _nvrtc.nvrtcGetProgramLog(program, first) == nvrtcResult.NVRTC_SUCCESS ? Encoding.UTF8.GetString(text).TrimEnd('\0', '\n') : "";
    }

    private byte[] Ptx(nvrtcProgram program)
    {
        Check(_nvrtc.nvrtcGetPTXSize(program, out nuint size), nameof(INvrtc.nvrtcGetPTXSize));
        byte[] text = new byte[size];
        fixed (byte* first = text)
            Check(_nvrtc.nvrtcGetPTX(program, first), nameof(INvrtc.nvrtcGetPTX));
        return text.AsSpan().TrimEnd((byte)0).ToArray();
    }

    private byte[] Cubin(nvrtcProgram program)
    {
        Check(_nvrtc.nvrtcGetCUBINSize(program, out nuint size), nameof(INvrtc.nvrtcGetCUBINSize));
        byte[] code = new byte[size];
        fixed (byte* first = code)
            Check(_nvrtc.nvrtcGetCUBIN(program, first), nameof(INvrtc.nvrtcGetCUBIN));
        return code;
    }

    // The compiler's errors have the source's line. Those of its assembler have a line of the PTX, whose .loc has the source's.
    private string FirstError(string source, KernelVariant variant, string architecture, string log)
    {
        string? error = log.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal));
        if (error is null)
            return log.Length == 0 ? "the compiler gave no reason" : log.Split('\n')[0];
        if (!error.Contains("line ", StringComparison.Ordinal))
            return error.Trim();
        string text = architecture.Replace("sm_", "compute_", StringComparison.Ordinal);
        if (Run(source, variant.Source, Options(variant, text), out _, out byte[] ptx, out _) != nvrtcResult.NVRTC_SUCCESS)
            return error.Trim();
        return PtxLocations.Translate(Encoding.UTF8.GetString(ptx), error) ?? error.Trim();
    }

    private static string Advice(nvrtcResult status) => status == nvrtcResult.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE
        ? " NVRTC's builtins library must be in the same folder; `ndiff doctor` names the file."
        : "";

    private static void Check(nvrtcResult status, string call)
    {
        if (status != nvrtcResult.NVRTC_SUCCESS)
            throw new CudaException(
                (int)status, Enum.GetName(status) ?? ((int)status).ToString(CultureInfo.InvariantCulture), call, $"{call} failed with {status}.");
    }
}

/// <summary>A successful compilation with the compiler's log.</summary>
/// <param name="Image">The code.</param>
/// <param name="Log">Registers, shared memory and spills of every entry; and warnings, of which our kernels have none.</param>
public sealed record CompilerOutput(KernelImage Image, string Log);

/// <summary>The output of a compilation: cubin for one architecture, and its PTX, which newer GPUs can also load.</summary>
/// <param name="Architecture">The target: <c>sm_90</c> with code, <c>compute_90</c> with PTX alone.</param>
/// <param name="Cubin">Code for exactly that architecture; empty for PTX alone.</param>
/// <param name="Ptx">The text, UTF-8.</param>
public sealed record KernelImage(string Architecture, ReadOnlyMemory<byte> Cubin, ReadOnlyMemory<byte> Ptx);

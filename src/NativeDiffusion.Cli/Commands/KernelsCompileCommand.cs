using System.CommandLine;
using System.Globalization;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff kernels compile</c>: compiles the kernels ahead of the first picture, and keeps them where that one finds them.</summary>
internal sealed class KernelsCompileCommand : NdiffCommand
{
    private const int Shares = 100;
    private readonly Argument<string?> _name = new(
        "name")
    { Description = "A kernel or a source, or the beginning of one; all without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _arch = new("--arch") { Description = "Architecture, as sm_90 (default: that of the first card)", HelpName = "sm_N" };

    /// <summary>Declares the command.</summary>
    public KernelsCompileCommand()
        : base(
            "compile", "Compile the kernels ahead, and keep them on disk; no card is needed with --arch", "ndiff kernels compile",
            "ndiff kernels compile --arch sm_89", "ndiff kernels compile gemm --arch sm_90 --json")
    {
        Arguments.Add(_name);
        Options.Add(_arch);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string? name = arguments.GetValue(_name);
        int capability = arguments.GetValue(_arch) is { } wanted
            ? KernelText.ParseArchitecture(wanted)
            : KernelCatalog.FindCard()
                ?? throw new CliException("There is no card whose architecture could be taken: say one, as --arch sm_90.", ExitCodes.Usage);
        KernelCatalogCompiler compiler = KernelCatalog.FindCompiler()
            ?? throw new CliException("NVRTC was not found: `ndiff doctor` says where it was looked for, and how to get it.");
        string architecture = compiler.ArchitectureFor(capability)
            ?? throw new CliException($"NVRTC {compiler.Version} makes no code for sm_{capability}: an older one does.");
        KernelListing[] kernels = [.. KernelCatalog.All.Where(kernel => kernel.Fits(capability) && IsNamed(kernel, name))];
        if (kernels.Length == 0)
            throw new CliException($"No kernel for sm_{capability} is called, or begins with, '{name}': `ndiff kernels` lists them.", ExitCodes.Usage);

        IReadOnlyCollection<DeviceException> failures = await terminal.ProgressAsync(view => Task.Run(
            () =>
            {
                view.Stage("compiling kernels", Shares, isShare: true);
                return compiler.Keep(kernels, architecture, new ShareProgress(view), cancellation);
            },
            cancellation));
        foreach (DeviceException failure in failures)
            terminal.Error(failure.Message);
        if (!compiler.Capabilities.Contains(capability))
            terminal.Note($"NVRTC {compiler.Version} does not know sm_{capability}: this is PTX of {architecture}, which the driver assembles.");
        terminal.Line(
            string.Create(
            CultureInfo.InvariantCulture,
            $"{kernels.Length - failures.Count} of {kernels.Length} kernels for {architecture}, NVRTC {compiler.Version}, are in {KernelCatalog.CacheFolder}"));
        terminal.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("architecture", architecture);
            json.WriteString("nvrtc", compiler.Version);
            json.WriteString("folder", KernelCatalog.CacheFolder);
            json.WriteStartArray("kernels");
            foreach (KernelListing kernel in kernels)
                json.WriteStringValue(kernel.Name);
            json.WriteEndArray();
            json.WriteStartArray("failures");
            foreach (DeviceException failure in failures)
                json.WriteStringValue(failure.Message);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return failures.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static bool IsNamed(KernelListing kernel, string? name) =>
        name is null || kernel.Source == name || kernel.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    // Kernels are compiled in parallel; the view wants one call at a time, and shares that do not go back.
    private sealed class ShareProgress(IProgressView view) : IProgress<double>
    {
        private readonly Lock _gate = new();
        private int _done;

        public void Report(double value)
        {
            lock (_gate)
            {
                _done = Math.Max(_done, (int)(value * Shares));
                view.Step(_done);
            }
        }
    }
}

using System.CommandLine;
using System.Globalization;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff kernels compile</c>: compiles the kernels in advance, into the kernel cache.</summary>
internal sealed class KernelsCompileCommand : NdiffCommand
{
    private const int Shares = 100;
    private readonly Argument<string?> _name = new(
        "name")
    { Description = "Kernel or source, or a prefix of one (default: all)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _arch = new("--arch") { Description = "Architecture, such as sm_90 (default: that of the first GPU)", HelpName = "sm_N" };

    /// <summary>Declares the command.</summary>
    public KernelsCompileCommand()
        : base(
            "compile", "Compile the kernels into the kernel cache; no GPU is needed with --arch", "ndiff kernels compile",
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
                ?? throw new CliException("There is no GPU: give an architecture, such as --arch sm_90.", ExitCodes.Usage);
        KernelCatalogCompiler compiler = KernelCatalog.FindCompiler()
            ?? throw new CliException("NVRTC was not found: `ndiff doctor` shows the search paths and how to install it.");
        string architecture = compiler.ArchitectureFor(capability)
            ?? throw new CliException($"NVRTC {compiler.Version} does not support sm_{capability}: use an older one.");
        KernelListing[] kernels = [.. KernelCatalog.All.Where(kernel => kernel.Fits(capability) && IsNamed(kernel, name))];
        if (kernels.Length == 0)
            throw new CliException($"No kernel for sm_{capability} has the name or prefix '{name}': `ndiff kernels` lists them.", ExitCodes.Usage);

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
            terminal.Note($"NVRTC {compiler.Version} does not support sm_{capability}: this is PTX of {architecture}, which the driver assembles.");
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

    // Kernels are compiled in parallel; the view requires serialised calls with ascending progress.
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

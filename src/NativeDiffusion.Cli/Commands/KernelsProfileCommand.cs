using System.CommandLine;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Commands;

/// <summary>
/// <c>ndiff kernels profile</c>: registers, spills and main loops of the kernels' machine code, counters of launches on the virtual GPU, and
/// time estimates. Compiles with the installed NVRTC if there is one; otherwise shows the shipped numbers.
/// </summary>
internal sealed class KernelsProfileCommand : NdiffCommand
{
    private const int DefaultCapability = 90;
    private readonly Argument<string?> _name = new(
        "name")
    { Description = "Kernel, source or entry, or a prefix of one (default: all)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _arch = new("--arch") { Description = "Architecture (default: that of the GPU, else sm_90)", HelpName = "sm_N" };
    private readonly Option<string[]> _card = new(
        "--card")
    {
        Description = "GPU to estimate times for, such as 'RTX 4090'; may be repeated (default: those of the architecture)",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = false
    };
    private readonly Option<bool> _shipped = new("--shipped") { Description = "Show the shipped numbers, even if NVRTC is found" };
    private readonly Option<string?> _cubin = new("--cubin") { Description = "Profile the kernels of this cubin instead", HelpName = "file" };

    /// <summary>Declares the command.</summary>
    public KernelsProfileCommand()
        : base(
            "profile",
            "Profile kernels: machine code, counters, estimated times; no GPU is needed",
            "ndiff kernels profile",
            "ndiff kernels profile gemm --card H200",
            "ndiff kernels profile --cubin mine.cubin --json")
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_arch, _card, _shipped, _cubin])
            Options.Add(option);
        _card.CompletionSources.Add(_ => DeviceModel.All.Select(card => new System.CommandLine.Completions.CompletionItem(card.Name)));
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string? name = arguments.GetValue(_name);
        if (arguments.GetValue(_cubin) is { } file)
        {
            CubinProfile.Write(terminal, file, name);
            return ExitCodes.Ok;
        }

        DeviceModel[] named = Cards(arguments.GetValue(_card) ?? []);
        int capability = arguments.GetValue(_arch) is { } wanted ? KernelText.ParseArchitecture(wanted) : ArchitectureOf(named);
        DeviceModel[] cards = named.Length > 0 ? named : [.. DeviceModel.All.Where(card => card.Architecture == capability)];
        KernelCatalogCompiler? compiler = arguments.GetValue(_shipped) ? null : KernelCatalog.FindCompiler();
        var source = new ProfileSource(KernelBudgets.Parse(KernelCatalog.ReadBudgets(), "the shipped budgets.json"), compiler, capability);
        ProfiledKernel[] kernels = await terminal.ProgressAsync(
            view => Task.Run(() => source.Read(name, view, cancellation), cancellation), plainProgress: false);
        if (kernels.Length == 0)
            throw new CliException($"No kernel for sm_{capability} has the name or prefix '{name}': `ndiff kernels` lists them.", ExitCodes.Usage);
        KernelProfileReport.Write(terminal, kernels, cards, source.Origin);
        terminal.WriteJson(json => KernelProfileJson.Write(json, kernels, cards, source.Origin));
        return ExitCodes.Ok;
    }

    private static int ArchitectureOf(DeviceModel[] cards) => cards.Select(card => card.Architecture).Distinct().ToArray() switch
    {
        [] => DefaultCapability,
        [int one] => one,
        _ => throw new CliException("The GPUs have several architectures: choose one with --arch.", ExitCodes.Usage),
    };

    private static DeviceModel[] Cards(string[] names)
    {
        try
        {
            return [.. names.Select(DeviceModel.Of)];
        }
        catch (ArgumentException exception)
        {
            throw new CliException(ErrorReport.Sentence(exception), ExitCodes.Usage, exception);
        }
    }
}

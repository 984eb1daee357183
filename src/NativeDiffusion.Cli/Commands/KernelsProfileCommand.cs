using System.CommandLine;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Commands;

/// <summary>
/// <c>ndiff kernels profile</c>: registers, spills and main loops of the kernels' machine code, counters of launches on the virtual GPU, and
/// estimates of time. Compiles with the machine's NVRTC where there is one; shows the numbers that ship where there is none.
/// </summary>
internal sealed class KernelsProfileCommand : NdiffCommand
{
    private readonly Argument<string?> _name = new("name") { Description = "A kernel, a source or an entry, or the beginning of one; all without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _arch = new("--arch") { Description = "Architecture, as sm_90", DefaultValueFactory = _ => "sm_90", HelpName = "sm_N" };
    private readonly Option<string[]> _card = new("--card") { Description = "Card to estimate times for, as 'RTX 4090'; may be repeated (default: those of the architecture)", HelpName = "name", AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> _shipped = new("--shipped") { Description = "Show the numbers that ship, even where NVRTC is found" };
    private readonly Option<string?> _cubin = new("--cubin") { Description = "Look at the kernels of a cubin of yours instead", HelpName = "file" };

    /// <summary>Declares the command.</summary>
    public KernelsProfileCommand()
        : base(
            "profile",
            "Show what kernels cost: machine code, counted launches, estimated times; no card is needed",
            "ndiff kernels profile",
            "ndiff kernels profile gemm --arch sm_90 --card H200",
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

        int capability = KernelText.ParseArchitecture(arguments.GetRequiredValue(_arch));
        DeviceModel[] cards = Cards(arguments.GetValue(_card) ?? [], capability);
        KernelCatalogCompiler? compiler = arguments.GetValue(_shipped) ? null : KernelCatalog.FindCompiler();
        var source = new ProfileSource(KernelBudgets.Shipped(), compiler, capability);
        ProfiledKernel[] kernels = await terminal.ProgressAsync(view => Task.Run(() => source.Read(name, view, cancellation), cancellation), plainProgress: false);
        if (kernels.Length == 0)
            throw new CliException($"No kernel for sm_{capability} is called, or begins with, '{name}': `ndiff kernels` lists them.", ExitCodes.Usage);
        KernelProfileReport.Write(terminal, kernels, cards, source.Origin);
        terminal.WriteJson(json => KernelProfileJson.Write(json, kernels, cards, source.Origin));
        return ExitCodes.Ok;
    }

    private static DeviceModel[] Cards(string[] names, int capability)
    {
        try
        {
            return names.Length > 0 ? [.. names.Select(DeviceModel.Of)] : [.. DeviceModel.All.Where(card => card.Architecture == capability)];
        }
        catch (ArgumentException exception)
        {
            throw new CliException(ErrorReport.Sentence(exception), ExitCodes.Usage, exception);
        }
    }
}

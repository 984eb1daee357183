using System.CommandLine;
using System.Globalization;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cli.Schedules;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff schedule</c>: the table of a sampler and schedule, row by row; plots it, and compares two.</summary>
internal sealed class ScheduleCommand : NdiffCommand
{
    private readonly Option<SolverProfile> _profile = new("--profile") { Description = "Conventions: diffusers, a1111 or comfy" };
    private readonly Option<string?> _sampler = new(
        "--sampler")
    { Description = "Sampler: 'DPM++ 2M', 'Euler a', dpmpp_2m, UniPCMultistepScheduler, ... (see --list)", HelpName = "name" };
    private readonly Option<string?> _schedule = new(
        "--schedule")
    { Description = "Schedule: karras, exponential, ... (default: the profile's own)", HelpName = "name" };
    private readonly Option<int> _steps = new("--steps") { Description = "Number of steps", DefaultValueFactory = _ => 20, HelpName = "n" };
    private readonly Option<double?> _strength = new(
        "--strength")
    { Description = "Strength of image to image: above 0 to 1", HelpName = "s" };
    private readonly Option<double[]?> _sigmas = new(
        "--sigmas")
    { Description = "Noise levels instead of a schedule, descending", HelpName = "list", CustomParser = NumberList.Parse };
    private readonly Option<double[]?> _timesteps = new(
        "--timesteps")
    { Description = "Timesteps in place of a schedule, falling (profile diffusers)", HelpName = "list", CustomParser = NumberList.Parse };
    private readonly Option<double?> _eta = new("--eta") { Description = "eta, if the sampler has it", HelpName = "x" };
    private readonly Option<double?> _sNoise = new("--s-noise") { Description = "Factor of the steps' noise, if the sampler has it", HelpName = "x" };
    private readonly Option<double?> _sChurn = new("--s-churn") { Description = "Churn, if the sampler has it", HelpName = "x" };
    private readonly Option<string?> _model = new(
        "--model", "-m")
    { Description = "Model whose scheduler is used (default: Stable Diffusion 1.5's)", HelpName = "name|dir" };
    private readonly Option<string?> _config = new("--config") { Description = "A diffusers scheduler_config.json to use instead", HelpName = "file" };
    private readonly Option<string?> _compare = new(
        "--compare")
    { Description = "A second choice, as changes: 'sampler=Euler a, schedule=karras, steps=30, profile=a1111'", HelpName = "changes" };
    private readonly Option<string?> _plot = new("--plot") { Description = "Plot sigma over the run to an SVG file", HelpName = "file.svg" };
    private readonly Option<bool> _formulas = new("--formulas") { Description = "Show each row's formulas for the new x and the saved x" };
    private readonly Option<bool> _list = new("--list") { Description = "List every profile's samplers and schedules" };

    /// <summary>Declares the command.</summary>
    public ScheduleCommand()
        : base(
            "schedule",
            "Print the sigmas and timesteps of any sampler and schedule, plot them, compare two",
            "ndiff schedule --sampler 'DPM++ 2M' --schedule karras --steps 20",
            "ndiff schedule --profile a1111 --sampler 'Euler a' --formulas",
            "ndiff schedule --sampler 'DPM++ 2M' --compare 'sampler=Euler a' --plot compare.svg",
            "ndiff schedule --list")
    {
        foreach (Option option in (Option[])[_profile, _sampler, _schedule, _steps, _strength, _sigmas, _timesteps, _eta, _sNoise, _sChurn, _model, _config,
            _compare, _plot, _formulas, _list])
            Options.Add(option);
    }

    /// <inheritdoc/>
    public override Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (arguments.GetValue(_list)) ScheduleList.Write(terminal);
        else Show(arguments, terminal);
        return Task.FromResult(ExitCodes.Ok);
    }

    private void Show(ParseResult arguments, Terminal terminal)
    {
        SolverChoice choice = Choice(arguments);
        var first = new NamedTable(choice, SolverProfiles.CreateTable(choice));
        NamedTable? second = null;
        if (arguments.GetValue(_compare) is { } changes)
        {
            SolverChoice other = ChoiceChanges.Apply(choice, changes);
            second = new NamedTable(other, SolverProfiles.CreateTable(other));
        }

        NamedTable[] tables = second is null ? [first] : [first, second];
        if (arguments.GetValue(_plot) is { } file)
        {
            if (!Path.GetExtension(file).Equals(".svg", StringComparison.OrdinalIgnoreCase))
                throw new CliException(
                    $"--plot writes SVG, and '{file}' does not end in .svg. Other formats are not supported.",
                    ExitCodes.Usage);
            File.WriteAllText(file, SchedulePlot.Draw(tables));
            terminal.Note($"plot written to {file}");
        }

        bool formulas = arguments.GetValue(_formulas);
        if (second is null) ScheduleReport.Write(terminal, first, formulas);
        else ScheduleReport.Write(terminal, first, second);
        terminal.WriteJson(json => ScheduleJson.Write(json, tables, formulas));
    }

    private SolverChoice Choice(ParseResult arguments) => new()
    {
        Profile = arguments.GetValue(_profile),
        Sampler = arguments.GetValue(_sampler),
        Schedule = arguments.GetValue(_schedule),
        Steps = arguments.GetValue(_steps),
        FromPicture = arguments.GetValue(_strength) is not null,
        Strength = arguments.GetValue(_strength) ?? 1,
        Sigmas = arguments.GetValue(_sigmas) is { Length: > 0 } sigmas ? sigmas : null,
        Timesteps = arguments.GetValue(_timesteps) is { Length: > 0 } timesteps ? timesteps : null,
        Eta = arguments.GetValue(_eta),
        SNoise = arguments.GetValue(_sNoise),
        SChurn = arguments.GetValue(_sChurn),
        ModelScheduler = Scheduler(arguments.GetValue(_config), arguments.GetValue(_model)),
    };

    private static SchedulerConfig? Scheduler(string? config, string? model)
    {
        string? file = config;
        if (file is null && model is not null)
        {
            string path = ModelLocator.ForProcess().Find(model);
            file = Path.Join(path, "scheduler", "scheduler_config.json");
            // A single file has no scheduler configuration: Stable Diffusion 1.5's is used.
            if (!File.Exists(file)) return null;
        }

        if (file is null) return null;
        try
        {
            return SchedulerConfigReader.Read(File.ReadAllText(file));
        }
        catch (ArgumentException exception)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"{file}: {ErrorReport.Sentence(exception)}"), innerException: exception);
        }
    }
}

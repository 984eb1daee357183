using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff verify DIR</c>: runs the goldens of a folder and says, case by case, how far this machine is from them.</summary>
internal sealed class VerifyCommand : NdiffCommand
{
    private readonly Argument<string> _folder = new("dir") { Description = "Folder of goldens" };
    private readonly Option<string> _device = new("--device") { Description = "Device to run on", DefaultValueFactory = _ => "cpu" };
    private readonly Option<string?> _only = new("--only") { Description = "Run only cases or files that match this pattern (* and ?)", HelpName = "glob" };
    private readonly Option<string?> _models = new(
        "--models")
    { Description = "Folder in which models are looked up (default: models/ found upward)", HelpName = "dir" };
    private readonly Option<bool> _full = new("--full") { Description = "Run cases that take very long on this device, too" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Count a skipped case as a miss" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads to use (default: all cores)" };
    private readonly IReadOnlyList<IGoldenCheck> _checks;

    /// <summary>Declares the command over all kinds of goldens.</summary>
    public VerifyCommand()
        : this(GoldenChecks.All)
    {
    }

    /// <summary>Declares the command over some kinds of goldens.</summary>
    public VerifyCommand(IReadOnlyList<IGoldenCheck> checks)
        : base(
            "verify",
            "Prove this machine against goldens: one line a case, exit code 1 on a miss",
            "ndiff verify tests/goldens",
            "ndiff verify tests/goldens --only 'unet-*' --threads 1",
            "ndiff verify tests/goldens --strict --json > report.json")
    {
        _checks = checks;
        Arguments.Add(_folder);
        foreach (Option option in (Option[])[_device, _only, _models, _full, _strict, _threads])
            Options.Add(option);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string device = arguments.GetRequiredValue(_device);
        int threads = arguments.GetValue(_threads);
        if (threads < 0)
            throw new CliException($"--threads is {threads}, but must be 1 or more, or 0 for all cores.", ExitCodes.Usage);
        string folder = arguments.GetRequiredValue(_folder);
        var options = new VerifyOptions(Path.GetFullPath(folder))
        {
            ModelsFolder = ModelsFolder(arguments.GetValue(_models), folder),
            Device = device,
            Threads = threads,
            Only = arguments.GetValue(_only),
            Full = arguments.GetValue(_full),
        };
        bool strict = arguments.GetValue(_strict);
        var verifier = new GoldenVerifier(options, _checks);
        long start = Stopwatch.GetTimestamp();
        List<GoldenOutcome> outcomes = await terminal.ProgressAsync(
            view => Task.Run(() => RunAll(verifier, terminal, view, strict, cancellation), cancellation),
            plainProgress: false);
        if (outcomes.Count == 0)
            throw new CliException($"No case of '{folder}' matches --only '{options.Only}'.", ExitCodes.Usage);
        return Report(outcomes, options, strict, Stopwatch.GetElapsedTime(start).TotalSeconds, terminal);
    }

    private static string? ModelsFolder(string? named, string goldens)
    {
        if (named is null)
            return ModelLocator.ForProcess(Directory.Exists(goldens) ? [goldens] : []).FolderWithModels();
        return Directory.Exists(named) ? Path.GetFullPath(named) : throw new CliException($"There is no folder '{named}' (--models).");
    }

    private static List<GoldenOutcome> RunAll(GoldenVerifier verifier, Terminal terminal, IProgressView view, bool strict, CancellationToken cancellation)
    {
        var outcomes = new List<GoldenOutcome>();
        for (int i = 0; i < verifier.Files.Count; i++)
        {
            GoldenFile file = verifier.Files[i];
            view.Stage($"file {i + 1} of {verifier.Files.Count}: {file.Name}");
            foreach (GoldenOutcome outcome in verifier.Run(file, name => view.Step(0, name), cancellation))
            {
                outcomes.Add(outcome);
                Line(terminal, outcome, strict);
            }
        }

        return outcomes;
    }

    private static void Line(Terminal terminal, GoldenOutcome outcome, bool strict)
    {
        (string word, string style) = outcome.Result.Verdict switch
        {
            VerifyVerdict.Passed => ("pass", "green"),
            VerifyVerdict.Missed => ("MISS", "red"),
            _ => ("skip", strict ? "red" : "yellow"),
        };
        string numbers = outcome.Result.Verdict == VerifyVerdict.Skipped ? ""
            : $"  error {Number(outcome.Result.Error)}  budget {Number(outcome.Result.Budget)}";
        string time = outcome.Seconds >= 1 ? $"  {StepRate.Seconds(outcome.Seconds)}" : "";
        string detail = outcome.Result.Detail is { } text ? $"  {text.ReplaceLineEndings(" ")}" : "";
        terminal.Line((word, style), ($"  {outcome.Name}{numbers}{time}{detail}", null));
    }

    private static int Report(List<GoldenOutcome> outcomes, VerifyOptions options, bool strict, double seconds, Terminal terminal)
    {
        int Count(VerifyVerdict verdict) => outcomes.Count(outcome => outcome.Result.Verdict == verdict);
        int passed = Count(VerifyVerdict.Passed);
        int missed = Count(VerifyVerdict.Missed);
        int skipped = Count(VerifyVerdict.Skipped);
        bool failed = missed > 0 || (strict && skipped > 0);
        terminal.Line();
        terminal.Line(
            $"{passed} passed, {missed} missed, {skipped} skipped{(strict && skipped > 0 ? " (a miss under --strict)" : "")} in {StepRate.Seconds(seconds)} on "
                + $"{options.Device}", failed ? "red" : "green");
        terminal.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("folder", options.Folder);
            json.WriteString("models", options.ModelsFolder);
            json.WriteString("device", options.Device);
            json.WriteNumber("passed", passed);
            json.WriteNumber("missed", missed);
            json.WriteNumber("skipped", skipped);
            json.WriteBoolean("ok", !failed);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteStartArray("cases");
            foreach (GoldenOutcome outcome in outcomes)
            {
                json.WriteStartObject();
                json.WriteString("name", outcome.Name);
                json.WriteString("verdict", outcome.Result.Verdict.ToString().ToLowerInvariant());
                if (outcome.Result.Verdict != VerifyVerdict.Skipped)
                {
                    WriteNumber(json, "error", outcome.Result.Error);
                    WriteNumber(json, "budget", outcome.Result.Budget);
                }

                json.WriteNumber("seconds", Math.Round(outcome.Seconds, 3));
                if (outcome.Result.Detail is { } detail)
                    json.WriteString("detail", detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return failed ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static string Number(double value) => value == Math.Truncate(value) && Math.Abs(value) < 1e6
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("0.00e+0", CultureInfo.InvariantCulture);

    // JSON has no NaN and no infinity.
    private static void WriteNumber(System.Text.Json.Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cli.Pictures;
using NativeDiffusion.Cli.Sampling;
using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff sample "a prompt"</c>: generates pictures and prints their paths.</summary>
internal sealed class SampleCommand : NdiffCommand
{
    private readonly Argument<string?> _prompt = new("prompt") { Description = "The prompt", Arity = ArgumentArity.ZeroOrOne };
    private readonly ModelOptions _model = new();
    private readonly IReadOnlyList<(Setting Setting, Option<string?> Option)> _settings;
    private readonly Option<string?> _jobs = new(
        "--jobs")
    { Description = "Job file: one prompt per line, or JSON lines with prompt and settings", HelpName = "file" };
    private readonly Option<string?> _from = new(
        "--from")
    { Description = "Reproduce a picture from its generation parameters; other options override them", HelpName = "picture" };
    private readonly Option<bool> _grid = new("--grid") { Description = "Also write a contact sheet of all pictures" };
    private readonly Option<string> _output = new(
        "--output", "-o")
    { Description = "Folder for the pictures, or a file name ending in .png, .jpg or .webp", DefaultValueFactory = _ => "output" };
    private readonly Option<PictureFormat?> _format = new(
        "--format")
    { Description = "png, jpeg or webp (default: the file name's, else png)", HelpName = "format" };

    /// <summary>Declares the command.</summary>
    public SampleCommand()
        : base(
            "sample",
            "Generate pictures from a prompt",
            "ndiff sample \"red mountains at sunset with two trees\"",
            "ndiff sample \"the sea at noon with a boat\" --seed 7 --batch 4 --grid",
            "ndiff sample \"purple hills at night\" --sampler \"Euler a\" --steps 12 --cfg 5 -o hills.webp",
            "ndiff sample \"the sea at sunset\" --init photo.png --strength 0.6",
            "ndiff sample --jobs prompts.jsonl --profile a1111",
            "ndiff sample --from output/00001-7.png")
    {
        Arguments.Add(_prompt);
        _settings = [.. Settings.All.Select(setting => (setting, Declare(setting)))];
        foreach ((_, Option<string?> option) in _settings)
            Options.Add(option);
        _model.AddTo(this);
        foreach (Option option in (Option[])[_jobs, _from, _grid, _output, _format])
            Options.Add(option);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        (IReadOnlyList<SampleJob> jobs, GenerationParameters? replayed) = Jobs(arguments);
        OutputPlace place = OutputPlace.Prepare(arguments.GetRequiredValue(_output), arguments.GetValue(_format));
        long start = Stopwatch.GetTimestamp();
        TimeSpan opening = default;
        IReadOnlyList<DrawnPicture> drawn = [];
        string? grid = null;
        try
        {
            await terminal.ProgressAsync(async view =>
            {
                using StableDiffusionPipeline pipeline = await _model.OpenAsync(arguments, _model.Model(arguments) ?? replayed?.Model, view, cancellation);
                opening = Stopwatch.GetElapsedTime(start);
                var run = new PictureRun(pipeline, place, terminal, view);
                drawn = run.Drawn;
                await run.DrawAsync(jobs, cancellation);
                if (arguments.GetValue(_grid))
                    grid = run.WriteGrid();
                return 0;
            });
        }
        catch (OperationCanceledException) when (drawn.Count > 0)
        {
            terminal.Note($"Stopped after {drawn.Count} of {jobs.Sum(job => job.Batch)} pictures; they are in {place.Folder}.");
            throw;
        }
        finally
        {
            if (drawn.Count == 0)
                place.RemoveIfEmpty();
        }

        if (replayed is not null && Replay.Differences(replayed, drawn[0].Picture.Parameters) is { } remark)
            terminal.Note(remark);
        if (grid is not null)
            terminal.Line((grid, "bold"), ("  contact sheet", null));
        terminal.Line(
            $"{drawn.Count} {(drawn.Count == 1 ? "picture" : "pictures")} in {StepRate.Seconds(Stopwatch.GetElapsedTime(start).TotalSeconds)}, of which "
                + $"{StepRate.Seconds(opening.TotalSeconds)} to open the model", "green");
        terminal.WriteJson(json => Write(json, drawn, grid, opening, Stopwatch.GetElapsedTime(start)));
        return ExitCodes.Ok;
    }

    private static Option<string?> Declare(Setting setting)
    {
        var option = new Option<string?>($"--{setting.Name}") { Description = setting.Description, HelpName = setting.Value };
        if (setting.Choices.Count > 0)
            option.CompletionSources.Add(_ => setting.Choices);
        return option;
    }

    private (IReadOnlyList<SampleJob> Jobs, GenerationParameters? Replayed) Jobs(ParseResult arguments)
    {
        string? prompt = arguments.GetValue(_prompt);
        string? from = arguments.GetValue(_from);
        string? file = arguments.GetValue(_jobs);
        if (prompt is null && from is null && file is null)
            throw new CliException(
                "A prompt is missing: ndiff sample \"red mountains at sunset\". Use --from to reproduce a picture, --jobs for many.",
                ExitCodes.Usage);
        if (file is not null && (prompt is not null || from is not null))
            throw new CliException("--jobs has its own prompts: omit the prompt and --from.", ExitCodes.Usage);
        GenerationParameters? text = from is null ? null : GenerationParameters.Parse(PictureFile.ReadText(from));
        SampleJob job = text is null ? new SampleJob(new GenerationOptions { Prompt = "" }) : Replay.Job(text, from!);
        if (prompt is not null)
            job = job with { Options = job.Options with { Prompt = prompt } };
        foreach ((Setting setting, Option<string?> option) in _settings)
        {
            if (arguments.GetValue(option) is { } value)
                job = setting.Set(job, value, option.Name);
        }

        if (text is not null)
            Replay.Check(text, job, from!);
        if (file is null && job.Options is { Mask: not null, InitImage: null })
            throw new CliException("--mask needs a start picture: add --init.", ExitCodes.Usage);
        if (_model.Vae(arguments) is { } vae)
            job = job with { Fields = new Dictionary<string, string>(job.Fields) { ["VAE"] = Path.GetFileName(vae) } };
        return (file is null ? [job] : JobFile.Read(file, job), text);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<DrawnPicture> drawn, string? grid, TimeSpan opening, TimeSpan total)
    {
        json.WriteStartObject();
        json.WriteStartArray("pictures");
        foreach (DrawnPicture picture in drawn)
        {
            json.WriteStartObject();
            json.WriteString("path", picture.Path);
            json.WriteNumber("seed", picture.Picture.Seed);
            json.WriteNumber("width", picture.Picture.Image.Width);
            json.WriteNumber("height", picture.Picture.Image.Height);
            json.WriteString("parameters", picture.Picture.Parameters.ToString());
            json.WriteNumber("evaluations", picture.Evaluations);
            json.WriteStartObject("seconds");
            json.WriteNumber("text", picture.Timings.Text.TotalSeconds);
            json.WriteNumber("encode", picture.Timings.Encode.TotalSeconds);
            json.WriteNumber("denoise", picture.Timings.Denoise.TotalSeconds);
            json.WriteNumber("decode", picture.Timings.Decode.TotalSeconds);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("grid", grid);
        json.WriteNumber("openSeconds", opening.TotalSeconds);
        json.WriteNumber("totalSeconds", total.TotalSeconds);
        json.WriteEndObject();
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NativeDiffusion.Cli.Bench;
using NativeDiffusion.Cli.Doctor;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cli.Sampling;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff bench</c>: measures every stage of a generation with a model on this machine.</summary>
internal sealed class BenchCommand : NdiffCommand
{
    private readonly ModelOptions _model = new();
    private readonly Option<string?> _size = new("--size") { Description = "Width and height in pixels (default: the model's own)", HelpName = "WxH" };
    private readonly Option<int> _steps = new("--steps") { Description = "Steps per run", DefaultValueFactory = _ => 20, HelpName = "n" };
    private readonly Option<int> _batch = new("--batch") { Description = "Pictures per generation", DefaultValueFactory = _ => 1, HelpName = "n" };
    private readonly Option<int> _repeat = new(
        "--repeat")
    { Description = "Measured runs, after one warm-up run", DefaultValueFactory = _ => 3, HelpName = "n" };
    private readonly Option<double> _cfg = new("--cfg") { Description = "Guidance; 1 halves the work", DefaultValueFactory = _ => 7.5, HelpName = "x" };

    /// <summary>Declares the command.</summary>
    public BenchCommand()
        : base(
            "bench",
            "Measure every stage of a model on this machine",
            "ndiff bench",
            "ndiff bench --model v1-5-pruned.safetensors --size 512 --steps 4 --repeat 1",
            "ndiff bench --threads 1 --json")
    {
        _model.AddTo(this);
        foreach (Option option in (Option[])[_size, _steps, _batch, _repeat, _cfg])
            Options.Add(option);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        int repeat = AtLeastOne(arguments, _repeat);
        int batch = AtLeastOne(arguments, _batch);
        var options = new GenerationOptions
        {
            Prompt = "red mountains at sunset with two trees",
            Steps = AtLeastOne(arguments, _steps),
            GuidanceScale = arguments.GetValue(_cfg),
            Seeds = [.. Enumerable.Range(0, batch).Select(i => (ulong)i)],
        };
        if (arguments.GetValue(_size) is { } size)
        {
            var sized = Settings.Find("size")!.Set(new SampleJob(options), size, "--size");
            options = sized.Options;
        }

        BenchReport report = await terminal.ProgressAsync(view => MeasureAsync(arguments, options, repeat, view, cancellation));
        Show(terminal, report);
        terminal.WriteJson(json => Write(json, report));
        return ExitCodes.Ok;
    }

    private static int AtLeastOne(ParseResult arguments, Option<int> option) => arguments.GetValue(option) is >= 1 and int value
        ? value
        : throw new CliException($"{option.Name} is {arguments.GetValue(option)}, but must be 1 or more.", ExitCodes.Usage);

    private async Task<BenchReport> MeasureAsync(
        ParseResult arguments, GenerationOptions options, int repeat, IProgressView view, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using StableDiffusionPipeline pipeline = await _model.OpenAsync(arguments, _model.Model(arguments), view, cancellation);
        double opening = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long loaded = PrivateBytes();

        // The warm-up's picture is the init picture of the runs that measure the encoder.
        view.Stage("warming up");
        GenerationResult first = await pipeline.GenerateAsync(options with { Steps = 1 }, null, cancellation);
        GenerationOptions encode = options with { Steps = 1, Seeds = [0], InitImage = first.Pictures[0].Image, Strength = 1 };
        await pipeline.GenerateAsync(encode, null, cancellation);
        // Only times are kept: pictures of many runs would look like a leak.
        List<GenerationTimings> runs = [];
        int evaluations = 0;
        List<double> encodes = [];
        for (int i = 0; i < repeat; i++)
        {
            var stages = new StageView(view, string.Create(CultureInfo.InvariantCulture, $"run {i + 1} of {repeat}: "), options);
            GenerationResult result = await pipeline.GenerateAsync(options, new Report<GenerationProgress>(stages.Show), cancellation);
            runs.Add(result.Timings);
            evaluations = result.Evaluations;
            view.Stage("encoding");
            encodes.Add((await pipeline.GenerateAsync(encode, null, cancellation)).Timings.Encode.TotalSeconds);
        }

        StageTimes[] times =
        [
            new("open", [opening]),
            new("text", [.. runs.Select(run => run.Text.TotalSeconds)]),
            new("encode", encodes),
            new("denoise", [.. runs.Select(run => run.Denoise.TotalSeconds)], evaluations),
            new("decode", [.. runs.Select(run => run.Decode.TotalSeconds)]),
            new("picture", [.. runs.Select(run => run.Total.TotalSeconds)]),
        ];
        // The memory after the runs, without garbage that is not collected yet.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Imaging.RgbImage image = first.Pictures[0].Image;
        return new BenchReport(
            pipeline.Checkpoint.Path, pipeline.Device.Name, image.Width, image.Height, options.Seeds.Count, options.Steps, times, loaded, PrivateBytes(),
            Peak());
    }

    private static long PrivateBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }

    private static long Peak()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void Show(Terminal terminal, BenchReport report)
    {
        terminal.Line(
            string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(report.Model)} on {report.Device}: {report.Width}x{report.Height}, batch {report.Batch}, {report.Steps} steps"), "bold");
        terminal.Table(
            ["stage", ">best", ">median", ">worst", ">rate"],
            report.Stages.Select(
                stage =>
                (IReadOnlyList<string>)[stage.Name, StepRate.Seconds(
                stage.Best), StepRate.Seconds(stage.Median), StepRate.Seconds(stage.Worst), stage.Rate is { } rate ? StepRate.Rate(rate) : ""]));
        terminal.Line(
            $"memory: {MachineReport.Bytes(report.LoadedBytes)} private after opening, {MachineReport.Bytes(report.PrivateBytes)} after the runs, "
                + $"{MachineReport.Bytes(report.PeakBytes)} peak resident");
        foreach ((string name, string value) in MachineReport.Machine())
            terminal.Line($"{name}: {value}");
    }

    private static void Write(Utf8JsonWriter json, BenchReport report)
    {
        json.WriteStartObject();
        json.WriteString("model", report.Model);
        json.WriteString("device", report.Device);
        json.WriteNumber("width", report.Width);
        json.WriteNumber("height", report.Height);
        json.WriteNumber("batch", report.Batch);
        json.WriteNumber("steps", report.Steps);
        json.WriteStartObject("stages");
        foreach (StageTimes stage in report.Stages)
        {
            json.WriteStartObject(stage.Name);
            json.WriteNumber("best", stage.Best);
            json.WriteNumber("median", stage.Median);
            json.WriteNumber("worst", stage.Worst);
            if (stage.Rate is { } rate)
                json.WriteNumber("iterationsPerSecond", rate);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteNumber("privateBytesAfterOpening", report.LoadedBytes);
        json.WriteNumber("privateBytes", report.PrivateBytes);
        json.WriteNumber("peakResidentBytes", report.PeakBytes);
        json.WriteStartObject("machine");
        foreach ((string name, string value) in MachineReport.Machine())
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

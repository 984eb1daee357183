using System.Diagnostics;
using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>One generation, from options to pictures. Runs once, on the calling thread and the device's.</summary>
internal sealed class GenerationJob(LoadedModel model, GenerationOptions options, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private readonly PictureSize _size = PictureSize.Of(options, model.UNet.Config, model.Vae.Config);

    private int Count => options.Seeds.Count;

    /// <summary>Runs all stages.</summary>
    public GenerationResult Run()
    {
        OptionChecks.Validate(options, model, _size);
        // Before any work: the autoencoder's need would otherwise be met after all steps.
        GenerationMemory.Estimate(model, options).Require();
        SolverTable table = SamplerChoice.Table(options, model);
        PromptStates? states = null;
        Func<int, Condition>[] conditions = [];
        TimeSpan text = Stage(GenerationStage.Text, () =>
        {
            states = new PromptStates(model, options, table, cancellationToken);
            conditions = [.. Enumerable.Range(0, Count).Select(i => states.For(PromptOf(i), NegativeOf(i)))];
        });
        var start = new StartLatents(model, options, table, _size);
        TimeSpan encode = options.InitImage is null ? TimeSpan.Zero : Stage(GenerationStage.Encode, () => start.Encode(cancellationToken));
        PictureRun[] runs = [];
        TimeSpan denoise = Stage(GenerationStage.Denoise, () =>
        {
            runs = [.. conditions.Select((condition, i) => Begin(start, table, condition, i))];
            int done = 0;
            new SamplingLoop(model.Denoiser, table, _size.LatentHeight, _size.LatentWidth)
                .Run(runs, row => Report(GenerationStage.Denoise, ++done, table.Steps, row, runs), cancellationToken);
        });
        RgbImage[] images = [];
        TimeSpan decode = Stage(GenerationStage.Decode, () => images = [.. runs.Select((run, i) => Decode(run, i))]);
        GenerationParameters[] parameters =
            [.. Enumerable.Range(
            0, Count).Select(i => new ParametersText(model, options, _size, table, states!.UsedEmbeddings).For(i, PromptOf(i), NegativeOf(i)))];
        Telemetry.Pictures.Add(Count);
        return new GenerationResult(
            [.. images.Select((image, i) => new GeneratedPicture(image, options.Seeds[i], parameters[i], options.KeepLatents ? runs[i].Solver.X : null))],
            new GenerationTimings(text, encode, denoise, decode),
            table.Rows.Count);
    }

    private string PromptOf(int index) => options.Prompts?[index] ?? options.Prompt;

    private string NegativeOf(int index) => options.NegativePrompts?[index] ?? options.NegativePrompt;

    private PictureRun Begin(StartLatents start, SolverTable table, Func<int, Condition> condition, int index)
    {
        ulong seed = options.Seeds[index];
        int channels = model.Vae.Config.LatentChannels;
        INoiseSource noise = SamplerChoice.Noise(options, seed, channels, _size);
        (SolverRun run, Inpainting? inpainting) = start.Begin(index, noise);
        return new PictureRun
        {
            Solver = run,
            Noise = noise,
            Brownian = SamplerChoice.Brownian(options, table, seed, channels, _size),
            ConditionAt = condition,
            Inpainting = inpainting,
        };
    }

    private RgbImage Decode(PictureRun run, int index)
    {
        Tensor planes = model.Codec.Decode(
            run.Solver.X.Data, model.Vae.Config.LatentChannels, _size.LatentHeight, _size.LatentWidth, options.VaeTiling, cancellationToken);
        if (planes.Data.Any(float.IsNaN))
            throw new ArithmeticException("The VAE made numbers that are not finite: its weights may hold NaN (`ndiff inspect` looks for them).");
        RgbImage image = PixelConversion.ToImage(planes.Data, _size.Width, _size.Height);
        Report(GenerationStage.Decode, index + 1, Count, null, null);
        return image;
    }

    private TimeSpan Stage(GenerationStage stage, Action work)
    {
        string name = stage.ToString();
        using Activity? activity = Telemetry.Source.StartActivity(name);
        progress?.Report(new GenerationProgress { Stage = stage, Elapsed = Stopwatch.GetElapsedTime(_begin) });
        long begin = Stopwatch.GetTimestamp();
        work();
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        Telemetry.StageSeconds.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", name));
        return time;
    }

    private void Report(GenerationStage stage, int done, int count, SolverRow? row, PictureRun[]? runs) => progress?.Report(new GenerationProgress
    {
        Stage = stage,
        Done = done,
        Count = count,
        Elapsed = Stopwatch.GetElapsedTime(_begin),
        Sigma = row?.Sigma ?? 0,
        X = options.ReportLatents && runs is not null ? Join(runs.Select(run => run.Solver.X)) : null,
        X0 = options.ReportLatents && runs is not null ? Join(runs.Select(run => run.Solver.X0)) : null,
    });

    private static Tensor Join(IEnumerable<Tensor> pictures)
    {
        Tensor[] all = [.. pictures];
        TensorShape one = all[0].Shape;
        return new Tensor(new TensorShape(all.Length, one[1], one[2], one[3]), [.. all.SelectMany(tensor => tensor.Data)]);
    }
}

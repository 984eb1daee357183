using System.Collections.Immutable;
using System.Diagnostics;
using NativeDiffusion.Devices;
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
        // Before any work: a lack of memory for the VAE would otherwise be found after all steps.
        GenerationMemory.Estimate(model, options).Require(model.Device.Name, model.Device.Memory.Free);
        SolverTable table = SamplerChoice.Table(options, model);
        PromptStates? states = null;
        ImmutableArray<ConditionRange>[] conditions = [];
        TimeSpan text = Stage(GenerationStage.Text, () =>
        {
            states = new PromptStates(model, options, table, cancellationToken);
            conditions = [.. Enumerable.Range(0, Count).Select(i => states.For(PromptOf(i), NegativeOf(i)))];
        });
        var start = new StartLatents(model, options, table, _size);
        TimeSpan encode = options.InitImage is null ? TimeSpan.Zero : Stage(GenerationStage.Encode, () => start.Encode(cancellationToken));
        Tensor[] latents = [];
        TimeSpan denoise = Stage(GenerationStage.Denoise, () =>
        {
            using ISamplingRun run = model.Device.BeginSampling(Request(table, [.. conditions.Select((ranges, i) => Begin(start, table, ranges, i))]));
            for (int done = 0; run.RowIndex < table.Rows.Count;)
            {
                SolverRow row = run.Advance(cancellationToken);
                if (row.EndsStep) Report(GenerationStage.Denoise, ++done, table.Steps, row, run);
            }

            latents = [.. Enumerable.Range(0, Count).Select(run.X)];
        });
        RgbImage[] images = [];
        TimeSpan decode = Stage(GenerationStage.Decode, () => images = [.. Decode(latents)]);
        var written = new ParametersText(model, options, _size, table, states!.UsedEmbeddings);
        GenerationParameters[] parameters = [.. Enumerable.Range(0, Count).Select(i => written.For(i, PromptOf(i), NegativeOf(i)))];
        Telemetry.Pictures.Add(Count);
        return new GenerationResult(
            [.. images.Select((image, i) => new GeneratedPicture(image, options.Seeds[i], parameters[i], options.KeepLatents ? latents[i] : null))],
            new GenerationTimings(text, encode, denoise, decode),
            table.Rows.Count);
    }

    private string PromptOf(int index) => options.Prompts?[index] ?? options.Prompt;

    private string NegativeOf(int index) => options.NegativePrompts?[index] ?? options.NegativePrompt;

    private SamplingRequest Request(SolverTable table, ImmutableArray<SampledPicture> pictures) => new()
    {
        Owner = model.UNet,
        Network = (batch, tokens) => Denoiser.Graph(model.UNet, batch, _size.LatentHeight, _size.LatentWidth, tokens),
        Table = table,
        Pictures = pictures,
    };

    private SampledPicture Begin(StartLatents start, SolverTable table, ImmutableArray<ConditionRange> conditions, int index)
    {
        ulong seed = options.Seeds[index];
        int channels = model.Vae.Config.LatentChannels;
        INoiseSource noise = SamplerChoice.Noise(options, seed, channels, _size);
        (Tensor first, Inpainting? inpainting) = start.Begin(index, noise);
        return new SampledPicture
        {
            Start = first,
            Conditions = conditions,
            Noise = new StepNoise(noise, SamplerChoice.Brownian(options, table, seed, channels, _size)),
            Inpainting = inpainting,
        };
    }

    private IEnumerable<RgbImage> Decode(Tensor[] latents)
    {
        int done = 0;
        foreach (Tensor planes in model.Codec.Decode(latents, options.VaeTiling, cancellationToken))
        {
            if (planes.Data.Any(float.IsNaN))
                throw new ArithmeticException("The VAE's output is not finite: its weights may contain NaN (`ndiff inspect` looks for them).");
            RgbImage image = PixelConversion.ToImage(planes.Data, _size.Width, _size.Height);
            Report(GenerationStage.Decode, ++done, Count, null, null);
            yield return image;
        }
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

    private void Report(GenerationStage stage, int done, int count, SolverRow? row, ISamplingRun? run) => progress?.Report(new GenerationProgress
    {
        Stage = stage,
        Done = done,
        Count = count,
        Elapsed = Stopwatch.GetElapsedTime(_begin),
        Sigma = row?.Sigma ?? 0,
        X = options.ReportLatents && run is not null ? Join(run.X) : null,
        X0 = options.ReportLatents && run is not null ? Join(run.X0) : null,
    });

    private Tensor Join(Func<int, Tensor> picture)
    {
        Tensor[] all = [.. Enumerable.Range(0, Count).Select(picture)];
        TensorShape one = all[0].Shape;
        return new Tensor(new TensorShape(all.Length, one[1], one[2], one[3]), [.. all.SelectMany(tensor => tensor.Data)]);
    }
}

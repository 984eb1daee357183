using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

public sealed class PipelineTests(TinyPipeline tiny) : IClassFixture<TinyPipeline>
{
    private readonly StableDiffusionPipeline _pipeline = tiny.Pipeline;

    [Fact]
    public void Generate_OnePictureOfABatch_SameBytesAsAlone()
    {
        GenerationResult batch = _pipeline.Generate(
            TinyPipeline.Quick with { Seeds = [5, 6, 7], Scheduler = NativeDiffusion.Solvers.SchedulerConfig.ForClass("EulerAncestralDiscreteScheduler") });
        GenerationResult alone = _pipeline.Generate(
            TinyPipeline.Quick with { Seeds = [6], Scheduler = NativeDiffusion.Solvers.SchedulerConfig.ForClass("EulerAncestralDiscreteScheduler") });
        Assert.Equal(alone.Pictures[0].Image.Pixels, batch.Pictures[1].Image.Pixels);
        Assert.Equal(alone.Pictures[0].Latents!.Data, batch.Pictures[1].Latents!.Data);
        Assert.NotEqual(batch.Pictures[0].Image.Pixels.ToArray(), batch.Pictures[1].Image.Pixels.ToArray());
    }

    [Fact]
    public void Generate_OneThread_SameBytesAsMany()
    {
        using StableDiffusionPipeline single = StableDiffusionPipeline.Open(Repository.TinyModel, new PipelineOptions { Threads = 1 });
        Assert.Equal(_pipeline.Generate(TinyPipeline.Quick).Pictures[0].Image.Pixels, single.Generate(TinyPipeline.Quick).Pictures[0].Image.Pixels);
    }

    [Fact]
    public void Generate_CancelledInTheMiddle_ThrowsAndThePipelineStaysUsable()
    {
        byte[] expected = _pipeline.Generate(TinyPipeline.Quick).Pictures[0].Image.Pixels.ToArray();
        using var source = new CancellationTokenSource();
        var progress = new Watch(now =>
        {
            if (now is { Stage: GenerationStage.Denoise, Done: 1 }) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => _pipeline.Generate(TinyPipeline.Quick with { Steps = 50 }, progress, source.Token));
        Assert.Equal(1, progress.Seen.Count(now => now is { Stage: GenerationStage.Denoise, Done: > 0 }));
        Assert.Equal(expected, _pipeline.Generate(TinyPipeline.Quick).Pictures[0].Image.Pixels);
    }

    [Fact]
    public async Task GenerateAsync_TwoCallers_QueueAndBothGetTheirPicture()
    {
        Task<GenerationResult>[] calls = [.. ((ulong[])[1, 2]).Select(seed => _pipeline.GenerateAsync(TinyPipeline.Quick with { Seeds = [seed] }))];
        GenerationResult[] results = await Task.WhenAll(calls);
        for (int i = 0; i < 2; i++)
        {
            GenerationResult alone = await _pipeline.GenerateAsync(TinyPipeline.Quick with { Seeds = [(ulong)(i + 1)] });
            Assert.Equal(alone.Pictures[0].Image.Pixels, results[i].Pictures[0].Image.Pixels);
        }
    }

    [Fact]
    public void Generate_Progress_TellsEveryStepAndItsLatents()
    {
        var progress = new Watch(_ => { });
        _pipeline.Generate(TinyPipeline.Quick with { Steps = 3, ReportLatents = true }, progress);
        GenerationProgress[] steps = [.. progress.Seen.Where(now => now is { Stage: GenerationStage.Denoise, Done: > 0 })];
        Assert.Equal([1, 2, 3], steps.Select(now => now.Done));
        Assert.All(steps, now => Assert.Equal(new TensorShape(1, 4, 9, 8), now.X0!.Shape));
        Assert.True(steps[0].Sigma > steps[^1].Sigma);
        RgbImage preview = steps[^1].Preview()!;
        Assert.Equal((8, 9), (preview.Width, preview.Height));
        Assert.Contains(progress.Seen, now => now is { Stage: GenerationStage.Decode, Done: 1 });
    }

    [Fact]
    public void Generate_OwnLatentsAndStates_EqualTheGeneratorsAndThePrompts()
    {
        GenerationResult expected = _pipeline.Generate(TinyPipeline.Quick with { NegativePrompt = "night" });
        var noise = new Tensor(new TensorShape(1, 4, 9, 8));
        new TorchCpuNoise(0).Normal(noise.Data);
        (PromptConditioning prompt, PromptConditioning? negative) = _pipeline.EncodePrompts(TinyPipeline.Quick with { NegativePrompt = "night" });
        GenerationResult made = _pipeline.Generate(TinyPipeline.Quick with
        {
            Prompt = "something else",
            Latents = noise,
            PromptEmbeddings = prompt.SubPrompts[0].Schedule[0].States,
            NegativePromptEmbeddings = negative!.SubPrompts[0].Schedule[0].States,
        });
        Assert.Equal(expected.Pictures[0].Image.Pixels, made.Pictures[0].Image.Pixels);
    }

    [Theory]
    [InlineData("Width", 65)]
    [InlineData("Steps", 0)]
    [InlineData("ClipSkip", 9)]
    [InlineData("Seeds", 0)]
    [InlineData("GuidanceScale", double.NaN)]
    [InlineData("Strength", 1.5)]
    [InlineData("Mask", 0)]
    [InlineData("Latents", 0)]
    [InlineData("Prompts", 0)]
    public void Generate_OptionWithoutMeaning_IsRefusedByName(string name, double value)
    {
        GenerationOptions options = name switch
        {
            "Width" => TinyPipeline.Quick with { Width = (int)value },
            "Steps" => TinyPipeline.Quick with { Steps = (int)value },
            "ClipSkip" => TinyPipeline.Quick with { ClipSkip = (int)value },
            "Seeds" => TinyPipeline.Quick with { Seeds = [] },
            "GuidanceScale" => TinyPipeline.Quick with { GuidanceScale = value },
            "Strength" => TinyPipeline.Quick with { Strength = value },
            "Mask" => TinyPipeline.Quick with { Mask = new RgbImage(1, 1, [0, 0, 0]) },
            "Latents" => TinyPipeline.Quick with { Latents = new Tensor(new TensorShape(1, 4, 8, 8)) },
            _ => TinyPipeline.Quick with { Prompts = ["a", "b"] },
        };
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => _pipeline.Generate(options));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_PictureThatCannotFit_IsRefusedBeforeMemoryIsTaken()
    {
        GenerationOptions huge = TinyPipeline.Quick with { Width = 16384, Height = 16384 };
        Assert.True(_pipeline.Estimate(huge).Total > 20_000_000_000);
        Assert.Contains("GB", Assert.Throws<InsufficientMemoryException>(() => _pipeline.Generate(huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Pipeline_FurtherUseThrows()
    {
        StableDiffusionPipeline pipeline = StableDiffusionPipeline.Open(Repository.TinyModel);
        pipeline.Dispose();
        pipeline.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pipeline.Generate(TinyPipeline.Quick));
        Assert.Equal(0, pipeline.Device.Memory.Held);
    }

    private sealed class Watch(Action<GenerationProgress> seen) : IProgress<GenerationProgress>
    {
        public List<GenerationProgress> Seen { get; } = [];

        public void Report(GenerationProgress value)
        {
            Seen.Add(value);
            seen(value);
        }
    }
}

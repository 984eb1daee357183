using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

/// <summary>Odd uses of a pipeline which must not wait for ever.</summary>
public sealed class PipelineMisuseTests
{
    [Fact]
    public async Task Dispose_OthersWait_TheyAreRefused()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using StableDiffusionPipeline pipeline = await StableDiffusionPipeline.OpenAsync(Repository.TinyModel, cancellationToken: token);
        using var started = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        Task first = Task.Run(() => pipeline.Generate(TinyPipeline.Quick, new Pause(started, go), token), token);
        started.Wait(token);
        // Queued behind the first before anybody disposes.
        Task second = pipeline.GenerateAsync(TinyPipeline.Quick, cancellationToken: token);
        Task[] disposals = [Task.Run(pipeline.Dispose, token), Task.Run(pipeline.Dispose, token)];
        while (Record.Exception(() => pipeline.Estimate(TinyPipeline.Quick)) is not ObjectDisposedException) await Task.Yield();
        go.Set();
        await first;
        await Task.WhenAll(disposals).WaitAsync(TimeSpan.FromMinutes(2), token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second.WaitAsync(TimeSpan.FromMinutes(2), token));
    }

    [Fact]
    public void Callback_ThatUsesItsOwnPipeline_IsRefused()
    {
        using StableDiffusionPipeline pipeline = StableDiffusionPipeline.Open(Repository.TinyModel);
        foreach (Action use in (Action[])[pipeline.Dispose, () => pipeline.Generate(TinyPipeline.Quick), () => pipeline.EncodePrompts(TinyPipeline.Quick)])
        {
            var progress = new Callback(use);
            Assert.Throws<InvalidOperationException>(() => pipeline.Generate(TinyPipeline.Quick, progress, TestContext.Current.CancellationToken));
        }

        Assert.Single(pipeline.Generate(TinyPipeline.Quick, cancellationToken: TestContext.Current.CancellationToken).Pictures);
    }

    [Fact]
    public void PromptEmbeddings_WrittenInPlace_AreTheNewOnes()
    {
        using StableDiffusionPipeline pipeline = StableDiffusionPipeline.Open(Repository.TinyModel);
        GenerationOptions quick = TinyPipeline.Quick with { GuidanceScale = 1 };
        Tensor one = pipeline.EncodePrompts(quick).Prompt.At(0)[0].States;
        Tensor two = pipeline.EncodePrompts(quick with { Prompt = "the sea" }).Prompt.At(0)[0].States;
        var given = new Tensor(one.Shape, [.. one.Data]);
        byte[] first = Draw(), expected = pipeline.Generate(quick with { Prompt = "the sea" }).Pictures[0].Image.Pixels.ToArray();
        two.Data.CopyTo(given.Data, 0);
        Assert.Equal(expected, Draw());
        Assert.NotEqual(first, expected);

        byte[] Draw() => pipeline.Generate(quick with { PromptEmbeddings = given }).Pictures[0].Image.Pixels.ToArray();
    }

    private sealed class Callback(Action use) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            if (value.Stage == GenerationStage.Denoise) use();
        }
    }

    private sealed class Pause(ManualResetEventSlim started, ManualResetEventSlim go) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            if (value.Stage != GenerationStage.Text) return;
            started.Set();
            go.Wait();
        }
    }
}

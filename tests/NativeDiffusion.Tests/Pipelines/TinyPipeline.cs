using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Pipelines;

/// <summary>The model of the repository, opened once for a class of tests.</summary>
public sealed class TinyPipeline : IDisposable
{
    public StableDiffusionPipeline Pipeline { get; } = StableDiffusionPipeline.Open(Repository.TinyModel, new PipelineOptions { Threads = 2 });

    /// <summary>A picture of a few steps.</summary>
    public static GenerationOptions Quick { get; } =
        new() { Prompt = "red mountains at sunset with two trees", Steps = 2, Width = 64, Height = 72, KeepLatents = true };

    public void Dispose() => Pipeline.Dispose();
}

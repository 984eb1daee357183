using NativeDiffusion.Tests.Checkpoints;
using Xunit;

namespace NativeDiffusion.Tests.Pipelines;

public sealed class SingleFilePipelineTests(TinyPipeline tiny) : IClassFixture<TinyPipeline>
{
    [Fact]
    public void Generate_SingleFileWithYaml_SameBytesAsTheFolder()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ndiff-single-");
        try
        {
            string path = Path.Combine(folder.FullName, "tiny.safetensors");
            TinySingleFile.Write(path);
            TinySingleFile.WriteCompanions(path);
            using StableDiffusionPipeline single = StableDiffusionPipeline.Open(path);
            GenerationOptions options =
                TinyPipeline.Quick with { Scheduler = NativeDiffusion.Solvers.SchedulerConfig.ForClass("EulerAncestralDiscreteScheduler") };
            Assert.Equal(tiny.Pipeline.Generate(options).Pictures[0].Image.Pixels, single.Generate(options).Pictures[0].Image.Pixels);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

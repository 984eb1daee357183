using NativeDiffusion.Checkpoints;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Weights;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Checkpoints;

public sealed class CheckpointTests
{
    [Fact]
    public void Open_TinyFolder_FitsTheModels()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.TinyModel);
        Assert.Equal(CheckpointLayout.DiffusersFolder, checkpoint.Layout);
        Assert.Equal(ModelArchitecture.StableDiffusion1, checkpoint.Architecture);
        foreach (CheckpointComponent component in (CheckpointComponent[])[checkpoint.UNet, checkpoint.Vae, checkpoint.TextEncoder])
        {
            Assert.Empty(component.MissingKeys);
            Assert.Empty(component.UnknownKeys);
            Assert.Equal([DType.Float16], component.StoredTypes.Keys);
        }

        Assert.Equal(14_777_860, checkpoint.UNet.ParameterCount);
        Assert.Equal("DPMSolverMultistepScheduler", checkpoint.Scheduler.ClassName);
        Assert.Equal("-Infinity", checkpoint.Scheduler.Json.GetProperty("lambda_min_clipped").GetString());
        Assert.Equal(588, checkpoint.OpenTokenizer().VocabularySize);
    }

    [Fact]
    public void Open_SingleFileWithYaml_EqualsTheFolder()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("tiny.safetensors");
        TinySingleFile.Write(path);
        TinySingleFile.WriteCompanions(path);
        using Checkpoint single = Checkpoint.Open(path);
        using Checkpoint diffusers = Checkpoint.Open(Repository.TinyModel);
        AssertEqual(diffusers, single);
        Assert.Equal(["alphas_cumprod", "betas", "model_ema.decay", "model_ema.num_updates"], single.IgnoredKeys);
        Assert.Empty(single.UnknownKeys);
        Assert.Equal(0.012, single.Scheduler.Json.GetProperty("beta_end").GetDouble());
        Assert.Equal("epsilon", single.Scheduler.Json.GetProperty("prediction_type").GetString());
        Assert.Equal(588, single.OpenTokenizer().VocabularySize);
    }

    internal static void AssertEqual(Checkpoint expected, Checkpoint actual)
    {
        Assert.Equivalent(expected.UNetConfig, actual.UNetConfig, strict: true);
        Assert.Equivalent(expected.VaeConfig, actual.VaeConfig, strict: true);
        Assert.Equivalent(expected.TextEncoderConfig, actual.TextEncoderConfig, strict: true);
        AssertEqual(expected.UNet.Weights, actual.UNet.Weights);
        AssertEqual(expected.Vae.Weights, actual.Vae.Weights);
        AssertEqual(expected.TextEncoder.Weights, actual.TextEncoder.Weights);
    }

    private static void AssertEqual(IWeightSource expected, IWeightSource actual)
    {
        Assert.Equal(expected.Names.Order(StringComparer.Ordinal), actual.Names.Order(StringComparer.Ordinal));
        foreach (string name in expected.Names)
        {
            Assert.True(expected.TryGet(name, out TensorShape shape, out _));
            Assert.True(actual.TryGet(name, out TensorShape other, out _));
            Assert.Equal(shape, other);
            float[] one = new float[shape.Count];
            float[] two = new float[shape.Count];
            expected.Read(name, one);
            actual.Read(name, two);
            Assert.True(one.AsSpan().SequenceEqual(two), name);
        }
    }
}

using System.IO.Compression;
using NativeDiffusion.Checkpoints;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
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

    [Theory]
    [InlineData(CompressionLevel.NoCompression, true)]
    [InlineData(CompressionLevel.Fastest, false)]
    public void Open_PickledSingleFile_EqualsTheFolder(CompressionLevel level, bool nested)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "tiny.ckpt", TorchPickle.Zip(TinySingleFile.Read().Select(item => (item.Ldm, item.Tensor.Shape, item.Tensor.Data)), level, nested));
        TinySingleFile.WriteCompanions(path);
        using Checkpoint single = Checkpoint.Open(path);
        using Checkpoint diffusers = Checkpoint.Open(Repository.TinyModel);
        AssertEqual(diffusers, single);
        Assert.Equal(nested ? "3" : null, single.Metadata.GetValueOrDefault("epoch"));
    }

    [Fact]
    public void Open_TextEncoderWithoutItsPrefix_EqualsTheFolder()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("tiny.safetensors");
        TinySingleFile.Write(path, name => name.Replace("transformer.text_model.", "transformer.", StringComparison.Ordinal));
        TinySingleFile.WriteCompanions(path);
        using Checkpoint single = Checkpoint.Open(path);
        using Checkpoint diffusers = Checkpoint.Open(Repository.TinyModel);
        AssertEqual(diffusers, single);
    }

    [Fact]
    public void Open_FolderWithOtherForms_EqualsTheFolder()
    {
        using var folder = new TemporaryFolder();
        CopyModel(folder.Path);

        // The UNet in two shards, the VAE as a .bin with the attention's old names, the text encoder as a variant without text_model.
        Shard(folder.File("unet"));
        string vae = folder.File("vae/diffusion_pytorch_model.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(vae))
            folder.Write("vae/diffusion_pytorch_model.bin", TorchPickle.Zip(Tensors(file, OldNames), CompressionLevel.NoCompression, nested: false));
        File.Delete(vae);
        string text = folder.File("text_encoder/model.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(text))
            Write(folder.File("text_encoder/model.fp16.safetensors"), Tensors(file, name => name["text_model.".Length..]));
        File.Delete(text);

        using Checkpoint other = Checkpoint.Open(folder.Path);
        using Checkpoint diffusers = Checkpoint.Open(Repository.TinyModel);
        AssertEqual(diffusers, other);
        Assert.EndsWith(".index.json", other.WeightsPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ldm")]
    [InlineData("ldm with prefix")]
    [InlineData("diffusers")]
    [InlineData("folder")]
    [InlineData("model")]
    public void Open_StandAloneVae_TakesItsPlace(string form)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("own.safetensors");
        if (form.StartsWith("ldm", StringComparison.Ordinal))
        {
            int cut = form == "ldm" ? "first_stage_model.".Length : 0;
            Write(path, TinySingleFile.Read().Where(item => item.Folder == "vae").Select(item => (item.Ldm[cut..], item.Tensor.Shape, item.Tensor.Data)));
        }
        else if (form == "diffusers")
        {
            using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Repository.TinyModel, "vae", "diffusion_pytorch_model.safetensors"));
            Write(path, Tensors(file, name => name));
        }
        else
        {
            path = form == "folder" ? Path.Combine(Repository.TinyModel, "vae") : Repository.TinyModel;
        }

        // Eight groups and the scale come from the YAML here, from the VAE's own configuration in folders.
        string model = folder.File("tiny.safetensors");
        TinySingleFile.Write(model, name => name.StartsWith("first_stage_model.", StringComparison.Ordinal) && form != "ldm" ? null : name);
        TinySingleFile.WriteCompanions(model);
        if (!Directory.Exists(path)) File.Copy(Path.ChangeExtension(model, ".yaml"), Path.ChangeExtension(path, ".yaml"));
        using Checkpoint single = Checkpoint.Open(model, path);
        using Checkpoint diffusers = Checkpoint.Open(Repository.TinyModel);
        AssertEqual(diffusers, single);
        Assert.Equal(path, single.VaePath);
    }

    [Theory]
    [InlineData(9, ModelArchitecture.StableDiffusion1Inpaint)]
    [InlineData(8, ModelArchitecture.InstructPix2Pix)]
    [InlineData(5, ModelArchitecture.Other)]
    public void Open_OtherInputChannelsAndNoYaml_AreRecognisedWithStableDiffusionsValues(int channels, ModelArchitecture architecture)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("inpaint.safetensors");
        Write(path, TinySingleFile.Read().Select(item => item.Name == "conv_in.weight" && item.Folder == "unet"
            ? (item.Ldm, new TensorShape(64, channels, 3, 3), new float[64 * channels * 9])
            : (item.Ldm, item.Tensor.Shape, item.Tensor.Data)));
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(architecture, checkpoint.Architecture);
        Assert.Equal(
            (channels, 32, 8, 0.18215),
            (checkpoint.UNetConfig.InChannels, checkpoint.UNetConfig.NormNumGroups, checkpoint.UNetConfig.AttentionHeads[0],
            checkpoint.VaeConfig.ScalingFactor));
        Assert.Equal(0.00085, checkpoint.Scheduler.Json.GetProperty("beta_start").GetDouble());
        Assert.Null(checkpoint.Scheduler.ClassName);
        Assert.Empty(checkpoint.UNet.MissingKeys);
    }

    [Fact]
    public void Read_AllWeights_LeavesNothingMapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The list of mappings is Linux's.");
        using var folder = new TemporaryFolder();
        CopyModel(folder.Path);
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        foreach (CheckpointComponent component in (CheckpointComponent[])[checkpoint.UNet, checkpoint.Vae, checkpoint.TextEncoder])
            Assert.NotEmpty(Tensors(component.Weights, name => name).ToList());
        Assert.DoesNotContain(folder.Path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_FromConfigAndFromNames_AreTheSame()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.TinyModel);
        HashSet<string> names = [.. TinySingleFile.Names().Where(item => item.Folder == "unet").Select(item => item.Ldm[ComponentNames.UNetPrefix.Length..])];
        Assert.Equal(LdmUNetLayout.FromConfig(checkpoint.UNetConfig).Modules(), LdmUNetLayout.FromNames(names, "x").Modules());
    }

    [Fact]
    public void Modules_OfStableDiffusion15_HaveTheirPublishedPlaces()
    {
        Dictionary<string, string> modules = LdmUNetLayout.FromConfig(
            new UNet2DConditionConfig()).Modules().ToDictionary(module => module.Ldm, module => module.Diffusers);
        (string Ldm, string Diffusers)[] known =
        [
            ("input_blocks.1.1", "down_blocks.0.attentions.0"), ("input_blocks.8.0", "down_blocks.2.resnets.1"),
                ("input_blocks.11.0", "down_blocks.3.resnets.1"),
            ("input_blocks.9.0.op", "down_blocks.2.downsamplers.0.conv"), ("output_blocks.2.1.conv", "up_blocks.0.upsamplers.0.conv"),
            ("output_blocks.5.2.conv", "up_blocks.1.upsamplers.0.conv"), ("output_blocks.8.2.conv", "up_blocks.2.upsamplers.0.conv"),
            ("output_blocks.11.1", "up_blocks.3.attentions.2"), ("output_blocks.3.0", "up_blocks.1.resnets.0"),
        ];
        foreach ((string ldm, string diffusers) in known) Assert.Equal(diffusers, modules[ldm]);
        Assert.DoesNotContain("input_blocks.10.1", modules.Keys);
        Assert.DoesNotContain("output_blocks.11.2.conv", modules.Keys);
    }

    private static IEnumerable<(string, TensorShape, float[])> Tensors(IWeightSource source, Func<string, string> rename)
    {
        foreach (string name in source.Names)
        {
            source.TryGet(name, out TensorShape shape, out _);
            float[] numbers = new float[shape.Count];
            source.Read(name, shape, numbers);
            yield return (rename(name), shape, numbers);
        }
    }

    private static string OldNames(string name) => name
        .Replace(
            "attentions.0.to_q.", "attentions.0.query.", StringComparison.Ordinal).Replace("attentions.0.to_k.", "attentions.0.key.", StringComparison.Ordinal)
        .Replace("attentions.0.to_v.", "attentions.0.value.", StringComparison.Ordinal).Replace(
            "attentions.0.to_out.0.", "attentions.0.proj_attn.", StringComparison.Ordinal);

    private static void Write(string path, IEnumerable<(string Name, TensorShape Shape, float[] Numbers)> tensors)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, TensorShape shape, float[] numbers) in tensors) writer.Add(name, DType.Float16, shape, numbers.CopyTo);
        writer.Save(path);
    }

    private static void CopyModel(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Repository.TinyModel, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Repository.TinyModel, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Shard(string folder)
    {
        string whole = Path.Combine(folder, "diffusion_pytorch_model.safetensors");
        using (SafetensorsFile file = SafetensorsFile.Open(whole))
        {
            var tensors = Tensors(file, name => name).ToList();
            string[] shards = ["diffusion_pytorch_model-00001-of-00002.safetensors", "diffusion_pytorch_model-00002-of-00002.safetensors"];
            for (int i = 0; i < 2; i++) Write(Path.Combine(folder, shards[i]), tensors.Where((_, place) => place % 2 == i));
            string map = string.Join(",", tensors.Select((tensor, place) => $"\"{tensor.Item1}\":\"{shards[place % 2]}\""));
            File.WriteAllText(whole + ".index.json", "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
        }

        File.Delete(whole);
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
            expected.Read(name, shape, one);
            actual.Read(name, shape, two);
            Assert.True(one.AsSpan().SequenceEqual(two), name);
        }
    }
}

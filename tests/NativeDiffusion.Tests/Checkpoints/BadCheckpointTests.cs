using NativeDiffusion.Checkpoints;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Tests.Weights;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;
using Xunit;

namespace NativeDiffusion.Tests.Checkpoints;

/// <summary>Checkpoints that are not what they must be: each ends in one sentence that says where and what.</summary>
public sealed class BadCheckpointTests(TinySingleFileFixture single) : IClassFixture<TinySingleFileFixture>
{
    [Theory]
    [InlineData("lora_te_x.lora_down.weight", "is a LoRA; apply it to a checkpoint instead of opening it as one.")]
    [InlineData("emb_params", "is a textual inversion; use it in a prompt instead of opening it as a checkpoint.")]
    [InlineData("decoder.conv_in.weight", "is a VAE alone; give it beside a checkpoint, in the place of its VAE.")]
    [InlineData(
        "cond_stage_model.model.ln_final.weight", "is a Stable Diffusion 2 checkpoint with OpenCLIP's text encoder; only its diffusers folder can be read.")]
    [InlineData("conditioner.embedders.1.model.ln_final.weight", "is Stable Diffusion XL; only Stable Diffusion 1.x is supported.")]
    [InlineData("model.diffusion_model.joint_blocks.0.x.weight", "is Stable Diffusion 3; only Stable Diffusion 1.x is supported.")]
    [InlineData("something.weight", "is a file of unknown kind; its first tensor is 'something.weight'.")]
    public void Open_AnotherKindOfFile_NamesIt(string key, string sentence)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add(key, DType.Float16, new TensorShape(1, 1, 1), span => span.Clear());
        writer.Save(path);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.Equal($"{path}: must be a Stable Diffusion 1.x checkpoint (model.diffusion_model.*), but {sentence}", exception.Message);
    }

    [Theory]
    [InlineData(
        "model.diffusion_model.input_blocks.3.0.in_layers.2.weight",
        "tensor 'model.diffusion_model.input_blocks.3.0.in_layers.2.weight' is missing, but there is 'model.diffusion_model.input_blocks.")]
    [InlineData("model.diffusion_model.time_embed.0.weight", "tensor 'time_embedding.linear_1.weight' is missing; the model's sizes are read off it.")]
    [InlineData(
        "first_stage_model.encoder.down.1.block.0.conv1.weight",
        "tensor 'encoder.down_blocks.1.resnets.0.conv1.weight' is missing, but there are tensors of encoder.down_blocks.3.")]
    [InlineData("first_stage_model.", "holds no VAE (first_stage_model.*); pass a stand-alone VAE.")]
    [InlineData("cond_stage_model.", "holds no text encoder (cond_stage_model.transformer.*); use a checkpoint with one, or a diffusers folder.")]
    public void Open_MissingTensors_SaysWhich(string left, string sentence)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        TinySingleFile.Write(path, name => name.StartsWith(left, StringComparison.Ordinal) ? null : name);
        TinySingleFile.WriteCompanions(path);
        Assert.StartsWith($"{path}: {sentence}", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "model_channels: 64", "model_channels: 320",
        "model.params.unet_config.params.model_channels is 320, but the weights beside it have 64; this YAML belongs to another model.")]
    [InlineData(
        "context_dim: 128", "context_dim: 768",
        "model.params.unet_config.params.context_dim is 768, but the weights beside it have 128; this YAML belongs to another model.")]
    [InlineData(
        "num_heads: 4", "num_heads: 7",
        "num_heads 7 must divide the 64 channels of the weights; a YAML beside the file (same name, .yaml) states other values.")]
    [InlineData("num_heads: 4", "num_heads: many", "model.params.unet_config.params.num_heads must be whole numbers, found 'many'.")]
    [InlineData("hidden_act: quick_gelu", "hidden_act: relu", "model.params.cond_stage_config.params.hidden_act must be quick_gelu or gelu, found 'relu'.")]
    [InlineData("scale_factor: 0.3576017916202545", "scale_factor: 0", "model.params.scale_factor must not be 0.")]
    [InlineData("timesteps: 1000", "timesteps: *x", "must not use aliases (*name).")]
    [InlineData("timesteps: 1000", "timesteps: [1000", "is not valid YAML: ")]
    [InlineData(
        "timesteps: 1000", "timesteps: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "is nested deeper than 32 levels.")]
    public void Open_YamlThatDoesNotFit_SaysWhere(string from, string to, string sentence)
    {
        string yaml = File.ReadAllText(Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.yaml"));
        Assert.Contains(from, yaml, StringComparison.Ordinal);
        single.WriteYaml(yaml.Replace(from, to, StringComparison.Ordinal));
        Assert.StartsWith(
            $"{single.Yaml}: {sentence}", Assert.Throws<CheckpointException>(() => Checkpoint.Open(single.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenTokenizer_NoVocabularyBesideASmallTextEncoder_SaysWhereToPutIt()
    {
        single.WriteYaml(null);
        string tokenizer = Path.Combine(Path.GetDirectoryName(single.Path)!, "tokenizer");
        Directory.Delete(tokenizer, recursive: true);
        using Checkpoint checkpoint = Checkpoint.Open(single.Path);
        Assert.Equal(
            $"{single.Path}: the text encoder has 588 token embeddings, but the vocabulary of CLIP has 49408; put the model's vocab.json and merges.txt into a "
                + $"folder 'tokenizer' beside it.",
            Assert.Throws<CheckpointException>(checkpoint.OpenTokenizer).Message);
    }

    [Theory]
    [InlineData("{}", "unet must be UNet2DConditionModel, found none; this pipeline is not Stable Diffusion 1.x.")]
    [InlineData("""{"_class_name":"StableDiffusionXLPipeline","unet":["diffusers","UNet2DConditionModel"],"vae":["diffusers","AutoencoderKL"],"text_encoder":["transformers","CLIPTextModel"],"text_encoder_2":["transformers","CLIPTextModelWithProjection"]}""", "is a StableDiffusionXLPipeline with a second text encoder; expected a Stable Diffusion 1.x pipeline with one.")]
    [InlineData("""{"_class_name":"FluxPipeline","transformer":["diffusers","FluxTransformer2DModel"]}""", "unet must be UNet2DConditionModel, found none; FluxPipeline is not Stable Diffusion 1.x.")]
    [InlineData("""{"_class_name":"PixArtAlphaPipeline","unet":["diffusers","Transformer2DModel"]}""", "unet must be UNet2DConditionModel, found Transformer2DModel; PixArtAlphaPipeline is not Stable Diffusion 1.x.")]
    [InlineData("[]", "must be a JSON object.")]
    [InlineData("{", "is not valid JSON: ")]
    public void Open_FolderOfAnotherPipeline_NamesIt(string index, string sentence)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("model_index.json", System.Text.Encoding.UTF8.GetBytes(index));
        Assert.StartsWith($"{file}: {sentence}", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FoldersWithoutWhatTheyNeed_SayWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            $"{folder.Path}: must be a diffusers folder with model_index.json, unet, vae and text_encoder, but has no model_index.json.",
            Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message);
        folder.Write("model_index.json", File.ReadAllBytes(Path.Combine(Repository.TinyModel, "model_index.json")));
        Assert.Equal($"{folder.Path}: the folder 'unet' is missing.", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message);
        foreach (string part in (string[])["unet", "text_encoder"]) folder.Write(
            $"{part}/config.json", File.ReadAllBytes(Path.Combine(Repository.TinyModel, part, "config.json")));
        folder.Write("unet/readme.txt", "x"u8);
        Assert.Equal(
            $"{folder.File("unet")}: must hold weights (diffusion_pytorch_model or model, .safetensors, .fp16.safetensors or .bin, whole or with an index), "
                + $"but has config.json, readme.txt.",
            Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../../etc/passwd"}}""", """weight_map entry 'a' must be the name of a file beside the index, found "../../etc/passwd".""")]
    [InlineData("""{"weight_map":{"a":"..\\x"}}""", """weight_map entry 'a' must be the name of a file beside the index, found "..\\x".""")]
    [InlineData("""{"weight_map":{"a":"loop.index.json"}}""", """weight_map entry 'a' must be the name of a file beside the index, found "loop.index.json".""")]
    [InlineData("""{"weight_map":{"a":3}}""", "weight_map entry 'a' must be the name of a file beside the index, found 3.")]
    [InlineData("""{"weight_map":[]}""", "an index of weights must hold an object 'weight_map' from tensor to file, but has none.")]
    [InlineData("""{"weight_map":{"b":"one.safetensors"}}""", "tensor 'b' must be in one.safetensors, but that file does not hold it.")]
    public void OpenShards_IndexThatLies_SaysWhere(string index, string sentence)
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.safetensors", RawSafetensors.One("U8", [1], 1));
        string path = folder.Write("model.safetensors.index.json", System.Text.Encoding.UTF8.GetBytes(index));
        Assert.Equal($"{path}: {sentence}", Assert.Throws<CheckpointException>(() => WeightFile.Open(path)).Message);
    }

    [Fact]
    public void Open_PartsThatDoNotBelongTogether_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string vae = folder.File("vae.safetensors");
        var writer = new SafetensorsWriter();
        foreach ((_, string part, string name, Tensor tensor) in TinySingleFile.Read())
        {
            if (part != "vae") continue;
            if (name == "decoder.conv_in.weight") writer.Add(name, DType.Float16, new TensorShape(64, 3, 3, 3), span => span.Clear());
            else writer.Add(name, DType.Float16, tensor);
        }

        writer.Save(vae);
        File.Copy(Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.yaml"), folder.File("vae.yaml"));
        Assert.Contains(
            "z_channels is 4, but the weights beside it have 3", Assert.Throws<CheckpointException>(
            () => Checkpoint.Open(Repository.TinyModel, vae)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("vae.yaml"), "model: {params: {first_stage_config: {params: {ddconfig: {norm_num_groups: 8}}}}}");
        Assert.Equal(
            $"{Repository.TinyModel}: the UNet makes latents of 4 channels, but the VAE {vae} takes 3; these parts do not belong together.",
            Assert.Throws<CheckpointException>(() => Checkpoint.Open(Repository.TinyModel, vae)).Message);
    }
}

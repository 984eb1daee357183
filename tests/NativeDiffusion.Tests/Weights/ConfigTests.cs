using System.Text;
using System.Text.Json;
using NativeDiffusion.Models;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class ConfigTests
{
    [Fact]
    public void UNetParse_TinyModel_HasItsSizes()
    {
        string path = Path.Combine(Repository.TinyModel, "unet", "config.json");
        UNet2DConditionConfig config = UNet2DConditionConfig.Parse(LenientJson.ReadFile(path), path);
        Assert.Equal([64, 128, 192, 192], config.BlockOutChannels);
        Assert.Equal([1, 1, 1, 1], config.LayersPerBlock);
        Assert.Equal([4, 4, 4, 4], config.AttentionHeads);
        Assert.Equal((4, 4, 128, 16, 256), (config.InChannels, config.OutChannels, config.CrossAttentionDim, config.NormNumGroups, config.TimeEmbeddingDim));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(config.DownBlockHasAttention));
        Assert.Equal([false, true, true, true], Enumerable.Range(0, 4).Select(config.UpBlockHasAttention));
    }

    [Fact]
    public void UNetParse_EmptyObject_IsDiffusersDefault()
    {
        UNet2DConditionConfig config = UNet2DConditionConfig.Parse(Json("{}"), "config.json");
        var expected = new UNet2DConditionConfig();
        Assert.Equal(expected.BlockOutChannels, config.BlockOutChannels);
        Assert.Equal(expected.DownBlockTypes, config.DownBlockTypes);
        Assert.Equal(expected.UpBlockTypes, config.UpBlockTypes);
        Assert.Equal(expected.AttentionHeads, config.AttentionHeads);
        Assert.Equal((1280, 1280), (config.CrossAttentionDim, config.TimeEmbeddingDim));
    }

    [Theory]
    [InlineData("unet-small")]
    [InlineData("unet-linear")]
    [InlineData("unet-inpaint")]
    [InlineData("unet-odd")]
    public void UNetParse_Goldens_AreAccepted(string name)
    {
        string path = Path.Combine(Repository.Goldens, name + ".json");
        JsonElement json = LenientJson.ReadFile(path).GetProperty("config");
        UNet2DConditionConfig config = UNet2DConditionConfig.Parse(json, path);
        Assert.Equal(json.GetProperty("block_out_channels").EnumerateArray().Select(item => item.GetInt32()), config.BlockOutChannels);
        if (name == "unet-linear") Assert.Equal([2, 4, 8], config.AttentionHeads);
    }

    [Theory]
    [InlineData("""{"addition_embed_type":"text_time"}""", """addition_embed_type must be null, found "text_time". This is not Stable Diffusion 1.5's architecture.""")]
    [InlineData("""{"class_embed_type":"timestep"}""", """class_embed_type must be null, found "timestep". This is not Stable Diffusion 1.5's architecture.""")]
    [InlineData("""{"resnet_time_scale_shift":"scale_shift"}""", """resnet_time_scale_shift must be "default", found "scale_shift". This is not Stable Diffusion 1.5's architecture.""")]
    [InlineData("""{"dual_cross_attention":true}""", "dual_cross_attention must be false, found true. This is not Stable Diffusion 1.5's architecture.")]
    [InlineData("""{"_class_name":"FluxTransformer2DModel"}""", """_class_name must be "UNet2DConditionModel", found "FluxTransformer2DModel". This is not Stable Diffusion 1.5's architecture.""")]
    [InlineData("""{"down_block_types":["SimpleCrossAttnDownBlock2D"],"block_out_channels":[32]}""", """down_block_types must hold CrossAttnDownBlock2D or DownBlock2D, found "SimpleCrossAttnDownBlock2D".""")]
    [InlineData("""{"block_out_channels":[]}""", "block_out_channels must be a list of 1 to 16 sizes, found [].")]
    [InlineData("""{"block_out_channels":[0,0]}""", "block_out_channels must be a whole number from 1 to 1048576, found 0.")]
    [InlineData("""{"block_out_channels":[320.5]}""", "block_out_channels must be a whole number from 1 to 1048576, found 320.5.")]
    [InlineData("""{"block_out_channels":[48]}""", "block_out_channels[0] 48 must be a multiple of norm_num_groups 32.")]
    [InlineData("""{"attention_head_dim":7}""", "block_out_channels[0] 320 must be a multiple of attention_head_dim 7.")]
    [InlineData("""{"attention_head_dim":[8,8]}""", "attention_head_dim must be one number or a list of 4, one for each block, found [8,8].")]
    [InlineData("""{"norm_eps":"small"}""", """norm_eps must be a finite number, found "small".""")]
    [InlineData("""{"norm_eps":NaN}""", """norm_eps must be a finite number, found "NaN".""")]
    [InlineData("""{"use_linear_projection":1}""", "use_linear_projection must be true or false, found 1.")]
    [InlineData("""[]""", "a configuration must be a JSON object, found [].")]
    public void UNetParse_WhatIsNotPossible_IsNamed(string json, string sentence)
    {
        CheckpointException exception = Assert.Throws<CheckpointException>(() => UNet2DConditionConfig.Parse(Json(json), "unet/config.json"));
        Assert.Equal($"unet/config.json: {sentence}", exception.Message);
    }

    [Fact]
    public void UNetParse_OneAsFloat_IsOne() =>
        UNet2DConditionConfig.Parse(Json("""{"resnet_out_scale_factor":1.0,"mid_block_scale_factor":1,"act_fn":"swish"}"""), "config.json");

    [Fact]
    public void VaeParse_TinyModelAndGoldens_HaveTheirSizes()
    {
        string path = Path.Combine(Repository.TinyModel, "vae", "config.json");
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(LenientJson.ReadFile(path), path);
        Assert.Equal([32, 32, 64, 64], config.BlockOutChannels);
        Assert.Equal(
            (4, 1, 8, 8, 0.3576017916202545), (config.LatentChannels, config.LayersPerBlock, config.NormNumGroups, config.ScaleFactor, config.ScalingFactor));
        path = Path.Combine(Repository.Goldens, "vae-deep.json");
        Assert.Equal(2, AutoencoderKLConfig.Parse(LenientJson.ReadFile(path).GetProperty("config"), path).LayersPerBlock);
        Assert.Equal(
            """config.json: down_block_types must hold DownEncoderBlock2D, found "AttnDownEncoderBlock2D".""",
            Assert.Throws<CheckpointException>(() => AutoencoderKLConfig.Parse(Json("""{"down_block_types":["AttnDownEncoderBlock2D"]}"""), "config.json")).Message);
    }

    [Fact]
    public void ClipParse_TinyModelAndGoldens_HaveTheirSizes()
    {
        string path = Path.Combine(Repository.TinyModel, "text_encoder", "config.json");
        ClipTextConfig config = ClipTextConfig.Parse(LenientJson.ReadFile(path), path);
        Assert.Equal(
            (588, 128, 512, 4, 4, 77),
            (config.VocabSize, config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers, config.NumAttentionHeads, config.MaxPositionEmbeddings));
        Assert.Equal((586, 587, "quick_gelu"), (config.BosTokenId, config.EosTokenId, config.HiddenAct));
        path = Path.Combine(Repository.Goldens, "clip-gelu.json");
        Assert.Equal("gelu", ClipTextConfig.Parse(LenientJson.ReadFile(path).GetProperty("config"), path).HiddenAct);
        Assert.StartsWith(
            """config.json: hidden_act must be "quick_gelu" or "gelu", found "relu".""",
            Assert.Throws<CheckpointException>(() => ClipTextConfig.Parse(Json("""{"hidden_act":"relu"}"""), "config.json")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a": -Infinity, "b": [NaN, Infinity, "NaN\"-Infinity"], "c": -1}""", """{"a": "-Infinity", "b": ["NaN", "Infinity", "NaN\"-Infinity"], "c": -1}""")]
    public void LenientJson_PythonsWords_BecomeStrings(string json, string expected) => Assert.Equal(expected, Json(json).GetRawText());

    [Theory]
    [InlineData("""{"a": Nan}""")]
    [InlineData("""{"a": -Infinity""")]
    [InlineData("")]
    [InlineData("""{"a": "\ud800"}""")]
    [InlineData("""{"\udfff": 1}""")]
    public void LenientJson_Garbage_IsRefused(string json) =>
        Assert.StartsWith("x: is not valid JSON: ", Assert.Throws<CheckpointException>(() => Json(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void LenientJson_BadUtf8AndDeepNesting_AreRefused()
    {
        Assert.Throws<CheckpointException>(() => LenientJson.Parse([.. "{\"a\":\""u8, 0xFF, 0xC0, .. "\"}"u8], "x"));
        Assert.Throws<CheckpointException>(() => LenientJson.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)), "x"));
    }

    private static JsonElement Json(string text) => LenientJson.Parse(Encoding.UTF8.GetBytes(text), "x");
}

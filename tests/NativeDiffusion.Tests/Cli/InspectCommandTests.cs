using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Tests.Checkpoints;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class InspectCommandTests
{
    [Fact]
    public async Task Inspect_ShippedModel_SaysWhatItIs()
    {
        CliRun run = await CliRun.Of("inspect", Repository.TinyModel, "--scan");
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        foreach (string word in (string[])["Stable Diffusion 1.x", "16,685,259", "float16", "model_hash", "DPMSolverMultistepScheduler", "0.3576017916202545"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_SingleFileAsJson_ListsUnknownAndIgnoredKeysAndHashes()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("tiny.safetensors");
        TinySingleFile.Write(
            path, name => name == "model.diffusion_model.out.0.bias" ? "model.diffusion_model.out.0.extra" : name == "first_stage_model.quant_conv.bias"
            ? "stray.bias" : name);
        TinySingleFile.WriteCompanions(path);
        CliRun run = await CliRun.Of("inspect", path, "--json", "--keys");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("checkpoint, single file", root.GetProperty("kind").GetString());
        Assert.Equal(["conv_norm_out.bias"], Strings(root.GetProperty("unet").GetProperty("missing")));
        Assert.Equal(["conv_norm_out.extra"], Strings(root.GetProperty("unet").GetProperty("unknown")));
        Assert.Equal(["quant_conv.bias"], Strings(root.GetProperty("vae").GetProperty("missing")));
        Assert.Equal(["stray.bias"], Strings(root.GetProperty("unknown")));
        Assert.Equal(4, root.GetProperty("ignored").GetArrayLength());
        Assert.Equal(NativeDiffusion.Checkpoints.FileHashes.ModelHash(path), root.GetProperty("hashes").GetProperty("model_hash").GetString());
        Assert.Equal("float16 [64, 4, 3, 3]", root.GetProperty("keys").GetProperty("unet").GetProperty("conv_in.weight").GetString());
        Assert.Equal("pt", root.GetProperty("metadata").GetProperty("format").GetString());
    }

    [Theory]
    [InlineData("lora_unet_mid_block_attentions_0_proj_in.lora_down.weight", 2, "a LoRA")]
    [InlineData("emb_params", 2, "a textual inversion")]
    [InlineData("first_stage_model.decoder.conv_in.weight", 4, "a VAE alone")]
    [InlineData("control_model.input_hint_block.0.weight", 4, "a ControlNet")]
    [InlineData("conditioner.embedders.0.transformer.text_model.final_layer_norm.weight", 1, "Stable Diffusion XL")]
    [InlineData("model.diffusion_model.double_blocks.0.img_attn.qkv.weight", 2, "Flux")]
    public async Task Inspect_OtherFiles_AreRecognised(string key, int rank, string kind)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var writer = new SafetensorsWriter { Metadata = { ["note"] = "line\nbreak \u001b[31m" } };
        writer.Add(key, DType.Float16, new TensorShape([.. Enumerable.Repeat(4, rank)]), span => span.Fill(1));
        writer.Save(path);
        CliRun run = await CliRun.Of("inspect", path);
        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains(kind, run.Output, StringComparison.Ordinal);
        Assert.Contains("line break  [31m", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_ScanFindsNaN_FailsAndNamesTheTensor()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add("decoder.conv_in.weight", DType.Float16, new TensorShape(4), span => span.Fill(float.NaN));
        writer.Save(path);
        CliRun run = await CliRun.Of("inspect", path, "--scan", "--no-hash");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("4 NaN, 0 infinite, first at 0", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Memory_GrowsWithThePicture()
    {
        async Task<(long Weights, long Values)> Of(string size)
        {
            CliRun run = await CliRun.Of("inspect", Repository.TinyModel, "--memory", "--size", size, "--json", "--no-hash");
            Assert.Equal(ExitCodes.Ok, run.ExitCode);
            using JsonDocument json = JsonDocument.Parse(run.Output);
            JsonElement memory = json.RootElement.GetProperty("memory");
            return (memory.GetProperty("weights_bytes").GetInt64(), memory.GetProperty("values_bytes").GetInt64());
        }

        (long weights, long values) = await Of("128x128");
        (long sameWeights, long moreValues) = await Of("256x256");
        // The form of a 3x3 convolution's weights depends on the picture's size: tiny pictures keep the plain one.
        Assert.InRange(sameWeights, weights, 3 * weights / 2);
        // 14.8 million parameters in float32; convolutions in Winograd's form take 16/9 of theirs.
        Assert.InRange(weights, 4 * 15_000_000L, 4 * 30_000_000L);
        Assert.InRange(moreValues, 3 * values, 5 * values);
        Assert.Equal(ExitCodes.Usage, (await CliRun.Of("inspect", Repository.TinyModel, "--memory", "--size", "big")).ExitCode);
    }

    [Fact]
    public async Task Inspect_HostilePickle_IsOneSentence()
    {
        CliRun run = await CliRun.Of("inspect", Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "Weights", "TorchFiles", "evil.ckpt"));
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("refuses the global posix.system", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);
}

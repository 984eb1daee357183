using System.Text.Json;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class PickleCheckpointTests
{
    private static string TorchFiles => Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "Weights", "TorchFiles");

    [Theory]
    [InlineData("zip.pt")]
    [InlineData("protocol4.pt")]
    [InlineData("legacy.pt")]
    [InlineData("nested.ckpt")]
    [InlineData("nested-legacy.ckpt")]
    public void Read_FilesOfTorch_GivesTheirNumbers(string name)
    {
        using IWeightFile file = WeightFile.Open(Path.Combine(TorchFiles, name));
        Assert.IsType<PickleCheckpoint>(file);
        JsonElement expected = LenientJson.ReadFile(Path.Combine(TorchFiles, "expected.json"));
        Assert.Equal(expected.EnumerateObject().Select(entry => entry.Name), file.Names);
        foreach (JsonProperty entry in expected.EnumerateObject())
        {
            Assert.True(file.TryGet(entry.Name, out TensorShape shape, out _));
            Assert.Equal(entry.Value.GetProperty("shape").EnumerateArray().Select(item => item.GetInt32()), shape.Dimensions.ToArray());
            float[] numbers = new float[shape.Count];
            file.Read(entry.Name, numbers);
            Assert.Equal(entry.Value.GetProperty("values").EnumerateArray().Select(item => item.GetSingle()), numbers);
        }

        Assert.True(file.TryGet("torch.bfloat16", out _, out DType dtype));
        Assert.Equal(DType.BFloat16, dtype);
        if (name == "nested-legacy.ckpt") Assert.Equal("7", file.Metadata["global_step"]);
        if (name == "nested.ckpt") Assert.Equal(("3", "0.0001"), (file.Metadata["epoch"], file.Metadata["lr"]));
    }

    [Theory]
    [InlineData("evil.ckpt")]
    [InlineData("evil-legacy.ckpt")]
    public void Open_PickleThatRunsACommand_IsRefusedByName(string name)
    {
        string path = Path.Combine(TorchFiles, name);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => WeightFile.Open(path));
        Assert.Equal(
            $"{path}: refuses the global posix.system: a pickle is read for tensors and plain containers only, and nothing in it is executed.",
            exception.Message);
        Assert.Equal("posix.system", exception.Key);
    }
}

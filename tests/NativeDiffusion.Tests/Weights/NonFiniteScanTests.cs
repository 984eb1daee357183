using NativeDiffusion.Checkpoints;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class NonFiniteScanTests
{
    [Fact]
    public void Require_NaNAndInfinity_NamesTheTensor()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add("good", DType.Float16, new TensorShape(100), span => span.Fill(1));
        writer.Add("half", DType.Float16, new TensorShape(2, 3), span =>
        {
            span.Fill(1);
            span[4] = 1e30f;
        });
        writer.Add("bad", DType.BFloat16, new TensorShape(7), span =>
        {
            span.Fill(float.NaN);
            span[0] = 3;
        });
        writer.Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal([new NonFiniteTensor("bad", 6, 0, 1), new NonFiniteTensor("half", 0, 1, 4)], NonFiniteScan.Find(file));
        Assert.Equal(
            $"{path}: tensor 'bad' must hold numbers, but has 6 NaN and 0 infinite, the first at 1; 1 more tensors do, too.",
            Assert.Throws<CheckpointException>(() => NonFiniteScan.Require(file)).Message);
    }

    [Fact]
    public void Find_TinyModel_IsClean()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.TinyModel);
        Assert.Empty(NonFiniteScan.Find(checkpoint.UNet.Weights));
        Assert.Empty(NonFiniteScan.Find(checkpoint.TextEncoder.Weights));
    }
}

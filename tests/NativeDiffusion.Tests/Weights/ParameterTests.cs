using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class ParameterTests
{
    [Fact]
    public void Read_NaN_NamesFileAndTensor()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add("conv_in.weight", DType.Float32, new TensorShape(2, 3), span => span[5] = float.NegativeInfinity);
        writer.Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Parameter parameter = new WeightScope(file, "conv_in").Get("weight", 2, 3, 1, 1);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => parameter.Read());
        Assert.Equal($"{path}: tensor 'conv_in.weight' must hold numbers, but has 0 NaN and 1 infinite, the first at 5.", exception.Message);
    }
}

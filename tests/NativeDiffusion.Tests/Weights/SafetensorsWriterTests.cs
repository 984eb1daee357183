using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class SafetensorsWriterTests
{
    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Save_Numbers_AreReadAgain(DType dtype)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        float[] numbers = [1, -2.5f, 0, 65504, float.PositiveInfinity, -0f];
        var writer = new SafetensorsWriter { Metadata = { ["ключ"] = "wert\n" } };
        writer.AddBytes("flag", DType.Bool, new TensorShape(), new byte[] { 1 });
        writer.Add("a", dtype, new Tensor(new TensorShape(2, 3), numbers));
        writer.Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] read = new float[6];
        file.Read("a", read);
        Assert.Equal(dtype == DType.BFloat16 ? [1, -2.5f, 0, 65536, float.PositiveInfinity, -0f] : numbers, read);
        Assert.True(file.TryGet("a", out _, out DType stored));
        Assert.Equal((dtype, "wert\n"), (stored, file.Metadata["ключ"]));
        Assert.Equal(0, file.DataOffset % 8);
        Assert.Equal(["a.safetensors"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Save_BFloat16_RoundsToNearestEvenAndKeepsNaN()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        uint[] bits = [0x3F808000, 0x3F818000, 0x3F808001, 0x7F7FFFFF, 0x7F800001];
        var writer = new SafetensorsWriter();
        writer.Add("a", DType.BFloat16, new Tensor(new TensorShape(5), [.. bits.Select(BitConverter.UInt32BitsToSingle)]));
        writer.Save(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] read = new float[5];
        file.Read("a", read);
        Assert.Equal([0x3F800000u, 0x3F820000u, 0x3F810000u, 0x7F800000u], read[..4].Select(BitConverter.SingleToUInt32Bits));
        Assert.True(float.IsNaN(read[4]));
    }

    [Fact]
    public void Save_FillThatFails_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        var writer = new SafetensorsWriter();
        writer.Add("a", DType.Float32, new TensorShape(3), _ => throw new InvalidOperationException("no numbers"));
        Assert.Throws<InvalidOperationException>(() => writer.Save(folder.File("a.safetensors")));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
        Assert.Throws<DirectoryNotFoundException>(() => new SafetensorsWriter().Save(folder.File("none/a.safetensors")));
    }

    [Fact]
    public void Add_WhatCannotBeStored_IsRefused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", DType.Float32, new TensorShape(3), _ => { });
        Assert.Throws<ArgumentException>(() => writer.Add("a", DType.Float32, new TensorShape(3), _ => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", DType.Float32, new TensorShape(3), _ => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("b", DType.Int8, new TensorShape(3), _ => { }));
        Assert.Throws<ArgumentException>(() => writer.AddBytes("b", DType.Int16, new TensorShape(3), new byte[5]));
    }
}

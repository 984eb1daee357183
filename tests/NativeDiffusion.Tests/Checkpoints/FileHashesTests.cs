using NativeDiffusion.Checkpoints;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Checkpoints;

public sealed class FileHashesTests
{
    // SHA-256 of the bytes 0, 1, 2, … mod 251 over 2,000,000 and of their slice at 1 MiB, by another implementation.
    private const string Whole = "82fa05417c03925cb7e8fd2bc2e9f2e2a1c8c421427ccdba1ab0091261e3a840";
    private const string Slice = "15ffd73b";

    [Fact]
    public void ModelHashes_OfAKnownFile_AreItsDigits()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.ckpt", [.. Enumerable.Range(0, 2_000_000).Select(i => (byte)(i % 251))]);
        var shares = new List<double>();
        Assert.Equal(Whole, FileHashes.Sha256(path, new Immediate(shares.Add)));
        Assert.Equal(Whole[..10], FileHashes.ModelHash(path));
        Assert.Equal(Whole[..12], FileHashes.EmbeddingHash(path));
        Assert.Equal(Slice, FileHashes.OldModelHash(path));
        Assert.Equal(1, shares[^1]);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => FileHashes.Sha256(path, null, cancelled.Token));
    }

    [Fact]
    public void LoraHash_IsOfTheDataAlone_UnlessTheMetadataSaysIt()
    {
        using var folder = new TemporaryFolder();
        string one = Write(folder.File("one.safetensors"), "some text");
        string two = Write(folder.File("two.safetensors"), "another, longer text");
        Assert.Equal(FileHashes.LoraHash(one), FileHashes.LoraHash(two));
        Assert.NotEqual(FileHashes.Sha256(one), FileHashes.Sha256(two));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(new byte[] { 0, 0, 0, 64 }))[..12], FileHashes.LoraHash(one));
        Assert.Equal("0123456789ab", FileHashes.LoraHash(Write(folder.File("three.safetensors"), "x", "0123456789ABcdef")));
    }

    private static string Write(string path, string text, string? hash = null)
    {
        var writer = new SafetensorsWriter { Metadata = { ["note"] = text } };
        if (hash is not null) writer.Metadata["sshs_model_hash"] = hash;
        writer.Add("lora_unet_x.alpha", DType.Float32, new TensorShape(), span => span[0] = 2);
        writer.Save(path);
        return path;
    }

    private sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}

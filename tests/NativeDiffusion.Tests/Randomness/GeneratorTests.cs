using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeDiffusion.Randomness;
using Xunit;

namespace NativeDiffusion.Tests.Randomness;

public sealed class GeneratorTests
{
    public static TheoryData<NoiseKind> Kinds => [.. Enum.GetValues<NoiseKind>()];

    [Fact]
    public void Mt19937_DefaultSeed_GivesTheStandardsTenThousandthNumber()
    {
        var engine = new Mt19937(5489);
        uint last = 0;
        for (int i = 0; i < 10000; i++) last = engine.Next();
        Assert.Equal(4123659995u, last);
    }

    // The known answers of Random123's distribution.
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [InlineData(0x85A308D3243F6A88ul, 0x0370734413198A2Eul, 0x299F31D0A4093822ul, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)]
    public void Philox_KnownCounters_GiveKnownBits(ulong low, ulong high, ulong key, uint x, uint y, uint z, uint w) =>
        Assert.Equal((x, y, z, w), Philox4x32.Block(low, high, key));

    [Fact]
    public void TorchCpu_SeedsEqualModulo32Bits_Coincide() =>
        Assert.Equal(Draw(new TorchCpuNoise(7), 33), Draw(new TorchCpuNoise(7 + (5UL << 32)), 33));

    [Fact]
    public void TorchCpu_OddSmallCall_KeepsTheSecondNormalAcrossALargeCall()
    {
        float[] four = Draw(new TorchCpuNoise(3), 4);
        var source = new TorchCpuNoise(3);
        Assert.Equal(four[..1], Draw(source, 1));
        Draw(source, 64);
        Assert.Equal(four[1], Draw(source, 1)[0]);
    }

    // Element 40960 is the first that a T4's 40960 threads take as the second normal of a block.
    [Fact]
    public void TorchCuda_MoreElementsThanThreads_FollowsTheCard()
    {
        float[] t4 = Draw(new TorchCudaNoise(0, CudaThreads.ForCard("NVIDIA T4")), 65536);
        float[] nv = Draw(new NvNoise(0), 65536);
        Assert.Equal(0.991138f, t4[40960], 2e-6f);
        Assert.Equal(1.766385f, nv[40960], 2e-6f);
        for (int i = 0; i < 40960; i++) Assert.Equal(nv[i], t4[i], 4e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(16384)]
    public void TorchCuda_FewElements_EqualsNvAlsoInLaterCalls(int count)
    {
        var cuda = new TorchCudaNoise(12345678901234, CudaThreads.ForCard("rtx 3060"));
        var nv = new NvNoise(12345678901234);
        for (int call = 0; call < 3; call++)
        {
            float[] expected = Draw(nv, count);
            float[] actual = Draw(cuda, count);
            for (int i = 0; i < count; i++) Assert.Equal(expected[i], actual[i], 4e-6f);
        }
    }

    [Fact]
    public void TorchCuda_TinyCard_TakesSeveralRoundsAndMovesTheCounterByThem()
    {
        var threads = new CudaThreads(1, 256);
        var source = new TorchCudaNoise(9, threads);
        float[] first = Draw(source, 3000); // 3 rounds of 4 x 256
        float[] second = Draw(source, 256);
        Assert.Equal(3000, first.Distinct().Count());
        var rounds = new TorchCudaNoise(9, threads);
        float[] one = Draw(rounds, 1024), two = Draw(rounds, 1024), three = Draw(rounds, 1024), four = Draw(rounds, 256);
        Assert.Equal([.. one, .. two, .. three[..(3000 - 2048)]], first);
        Assert.Equal(four, second);
    }

    [Fact]
    public void CudaThreads_NamedCards_HaveTheirCapacity()
    {
        Assert.Equal(22528, CudaThreads.ForCard("GTX 1660").Capacity);
        Assert.Equal(43008, CudaThreads.ForCard("GeForce RTX 3060").Capacity);
        Assert.Equal(125952, CudaThreads.ForCard("RTX-3090").Capacity);
        Assert.Equal(221184, CudaThreads.ForCard("a100").Capacity);
        ArgumentException error = Assert.Throws<ArgumentException>(() => CudaThreads.ForCard("Voodoo 2"));
        Assert.Contains("RTX 4090", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Moments_OfAMillion_AreThoseOfTheNormalDistribution(NoiseKind kind)
    {
        float[] x = Draw(new NoiseOrigin(kind).Create(1234), 1_000_000);
        double mean = x.Average(v => (double)v);
        double variance = x.Average(v => (v - mean) * (v - mean));
        double kurtosis = x.Average(v => Math.Pow(v - mean, 4)) / (variance * variance);
        double neighbours = Enumerable.Range(0, x.Length - 1).Average(i => (double)x[i] * x[i + 1]);
        Assert.InRange(mean, -0.005, 0.005); // 5 standard errors
        Assert.InRange(variance, 0.993, 1.007);
        Assert.InRange(kurtosis, 2.97, 3.03);
        Assert.InRange(neighbours, -0.005, 0.005);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Streams_OfTheSameSeed_DoNotDisturbEachOther(NoiseKind kind)
    {
        var origin = new NoiseOrigin(kind);
        float[] expected = [.. DrawCalls(origin.Create(5), 20, 7, 300)];
        INoiseSource a = origin.Create(5), b = origin.Create(6);
        var interleaved = new List<float>();
        foreach (int count in (int[])[20, 7, 300])
        {
            interleaved.AddRange(Draw(a, count));
            Draw(b, count + 1);
        }

        Assert.Equal(expected, interleaved);
    }

    // The bits themselves, so that another platform or instruction set that gives others is seen.
    [Theory]
    [InlineData(NoiseKind.TorchCpu, "4A1C8B4F06963C59")]
    [InlineData(NoiseKind.TorchCuda, "D5B63A3127F166AA")]
    [InlineData(NoiseKind.Nv, "E9334BC629ED8805")]
    public void Bits_OfAllCallSizes_AreTheSameEverywhere(NoiseKind kind, string sha256)
    {
        float[] x = [.. DrawCalls(new NoiseOrigin(kind, CudaThreads.ForCard("T4")).Create(42), 1, 2, 15, 16, 17, 4096, 70001)];
        Assert.Equal(sha256, Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(x)))[..16]);
    }

    [Fact]
    public void Batch_OfStreams_EqualsThePicturesAlone()
    {
        var batch = new BatchNoise([new TorchCpuNoise(1), new TorchCpuNoise(2)]);
        float[] both = Draw(batch, 40);
        Assert.Equal(Draw(new TorchCpuNoise(1), 20), both[..20]);
        Assert.Equal(Draw(new TorchCpuNoise(2), 20), both[20..]);
        Assert.Throws<ArgumentException>(() => batch.Normal(new float[3]));
    }

    [Fact]
    public void Comfy_StepNoise_ComesFromTheCardOrTheNextSeed()
    {
        var onCard = new ComfyNoise(11, CudaThreads.Default);
        Assert.Equal(Draw(new TorchCpuNoise(11), 64), Draw(onCard, 64));
        Assert.Equal(Draw(new TorchCudaNoise(11, CudaThreads.Default), 64), Draw(onCard, 64));
        var onCpu = new ComfyNoise(11, null);
        Draw(onCpu, 64);
        Assert.Equal(Draw(new TorchCpuNoise(12), 64), Draw(onCpu, 64));
    }

    internal static float[] Draw(INoiseSource source, int count)
    {
        float[] numbers = new float[count];
        source.Normal(numbers);
        return numbers;
    }

    private static IEnumerable<float> DrawCalls(INoiseSource source, params int[] counts) => counts.SelectMany(count => Draw(source, count));
}

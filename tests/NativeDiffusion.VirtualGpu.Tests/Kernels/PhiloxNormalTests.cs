using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Randomness;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>The card's normal numbers have the bits of the CPU's.</summary>
public sealed class PhiloxNormalTests
{
    [Theory]
    [InlineData(1, 1UL)]
    [InlineData(1000, 42UL)]
    [InlineData(16384, 0xFFFF_FFFF_FFFF_FFFFUL)]
    public void Nv_TwoCalls_AreTheSourcesBits(int count, ulong seed)
    {
        var source = new NvNoise(seed);
        float[] first = Fill(source, count), second = Fill(source, count);
        foreach (int capability in KernelList.ShippedPtx.Capabilities)
        {
            using var session = new KernelSession(KernelSession.Card(capability));
            using var kernel = new PhiloxNormalKernel(session.Loader);
            DevicePointer y = session.Allocate<float>(count);
            kernel.LaunchNv(session.Stream, y, seed, 0, count);
            AssertBits(first, session.Download<float>(y, count));
            kernel.LaunchNv(session.Stream, y, seed, 1, count);
            AssertBits(second, session.Download<float>(y, count));
        }
    }

    /// <summary>A card of 512 threads: calls of one round, of several, and one that ends inside a round.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(4999)]
    public void Torch_TwoCalls_AreTheSourcesBits(int count)
    {
        var card = new CudaThreads(2, 256);
        var source = new TorchCudaNoise(1234, card);
        float[] first = Fill(source, count), second = Fill(source, count);
        long threads = card.For(count);
        ulong rounds = (ulong)((count - 1) / (4 * threads)) + 1;
        foreach (int capability in KernelList.ShippedPtx.Capabilities)
        {
            using var session = new KernelSession(KernelSession.Card(capability));
            using var kernel = new PhiloxNormalKernel(session.Loader);
            DevicePointer y = session.Allocate<float>(count);
            kernel.LaunchTorch(session.Stream, y, 1234, 0, count, threads);
            AssertBits(first, session.Download<float>(y, count));
            kernel.LaunchTorch(session.Stream, y, 1234, rounds, count, threads);
            AssertBits(second, session.Download<float>(y, count));
        }
    }

    private static float[] Fill(INoiseSource source, int count)
    {
        var values = new float[count];
        source.Normal(values);
        return values;
    }

    private static void AssertBits(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
}

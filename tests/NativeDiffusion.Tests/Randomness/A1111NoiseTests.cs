using NativeDiffusion.Randomness;
using Xunit;
using static NativeDiffusion.Tests.Randomness.GeneratorTests;

namespace NativeDiffusion.Tests.Randomness;

public sealed class A1111NoiseTests
{
    private static readonly NoiseOrigin s_cpu = new(NoiseKind.TorchCpu);

    private static float[] Plain(ulong seed) => Draw(s_cpu.Create(seed), 4 * 8 * 6);

    private static A1111Noise Noise(A1111NoiseOptions options, int height = 8, int width = 6) => new(s_cpu, 1, options, 4, height, width);

    [Fact]
    public void NoOptions_IsThePlainStream()
    {
        A1111Noise noise = Noise(new());
        INoiseSource plain = s_cpu.Create(1);
        for (int call = 0; call < 3; call++) Assert.Equal(Draw(plain, 192), Draw(noise, 192));
    }

    [Fact]
    public void Variation_FullStrength_IsTheOtherSeed() =>
        Assert.Equal(Plain(2), Draw(Noise(new() { VariationSeed = 2, VariationStrength = 1 }), 192));

    [Fact]
    public void Variation_Half_LiesOnTheSphereOverRows()
    {
        float[] mixed = Draw(Noise(new() { VariationSeed = 2, VariationStrength = 0.5f }), 192);
        float[] a = Plain(1), b = Plain(2);
        for (int c = 0; c < 4; c++)
        {
            for (int x = 0; x < 6; x++)
            {
                int[] column = [.. Enumerable.Range(0, 8).Select(y => (c * 8 + y) * 6 + x)];
                double Norm(float[] v) => Math.Sqrt(column.Sum(i => (double)v[i] * v[i]));
                double omega = Math.Acos(column.Sum(i => (double)a[i] * b[i]) / (Norm(a) * Norm(b)));
                double weight = Math.Sin(omega / 2) / Math.Sin(omega);
                Assert.All(column, i => Assert.Equal(weight * (a[i] + b[i]), mixed[i], 1e-5));
            }
        }
    }

    [Fact]
    public void Variation_OfTheSameSeed_MixesParallelNoisesLinearly()
    {
        float[] mixed = Draw(Noise(new() { VariationSeed = 1, VariationStrength = 0.3f }), 192);
        float[] a = Plain(1);
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], mixed[i], 1e-6f);
    }

    [Fact]
    public void Delta_StartsAFreshStreamAfterTheInitialLatent()
    {
        A1111Noise noise = Noise(new() { EtaNoiseSeedDelta = 31337 });
        Assert.Equal(Plain(1), Draw(noise, 192));
        INoiseSource steps = s_cpu.Create(1 + 31337);
        Assert.Equal(Draw(steps, 192), Draw(noise, 192));
        Assert.Equal(Draw(steps, 192), Draw(noise, 192));
    }

    [Theory]
    [InlineData(12, 11)] // larger than the kept picture, odd margins
    [InlineData(5, 3)] // smaller
    [InlineData(5, 10)]
    public void Resize_KeepsACentredWindow(int height, int width)
    {
        float[] mixed = Draw(Noise(new() { ResizeFromHeight = 8, ResizeFromWidth = 6 }, height, width), 4 * height * width);
        float[] kept = Plain(1);
        float[] own = Draw(s_cpu.Create(1), 4 * height * width);
        int dy = (int)Math.Floor((height - 8) / 2.0), dx = (int)Math.Floor((width - 6) / 2.0);
        for (int c = 0; c < 4; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int ky = y - dy, kx = x - dx;
                    // A window that sticks out is cut by twice the margin on the far side.
                    bool inside = ky >= Math.Max(-dy, 0) && kx >= Math.Max(-dx, 0)
                        && ky < Math.Max(-dy, 0) + (dy >= 0 ? 8 : 8 + 2 * dy) && kx < Math.Max(-dx, 0) + (dx >= 0 ? 6 : 6 + 2 * dx);
                    Assert.Equal(inside ? kept[(c * 8 + ky) * 6 + kx] : own[(c * height + y) * width + x], mixed[(c * height + y) * width + x]);
                }
            }
        }
    }

    [Fact]
    public void WrongInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Noise(new()).Normal(new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Noise(new() { VariationStrength = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Noise(new(), 0, 3));
    }
}

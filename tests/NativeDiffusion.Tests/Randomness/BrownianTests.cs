using NativeDiffusion.Randomness;
using Xunit;

namespace NativeDiffusion.Tests.Randomness;

public sealed class BrownianTests
{
    private static readonly NoiseOrigin s_cpu = new(NoiseKind.TorchCpu);

    [Fact]
    public void Increments_AddUpAndDoNotDependOnTheOrderOfQuestions()
    {
        double[] points = [0.029167, 0.1, 0.7321, 1.5, 3.3333333, 14.614642];
        var forward = new BrownianTree(s_cpu, 7, points[0], points[^1], 50);
        var backward = new BrownianTree(s_cpu, 7, points[0], points[^1], 50);
        float[][] a = [.. Enumerable.Range(0, 5).Select(i => Ask(forward, points[i], points[i + 1]))];
        float[][] b = [.. Enumerable.Range(0, 5).Reverse().Select(i => Ask(backward, points[i], points[i + 1])).Reverse()];
        Assert.Equal(a, b);
        float[] whole = Ask(forward, points[0], points[^1]);
        for (int i = 0; i < 50; i++) Assert.Equal(whole[i], a.Sum(part => part[i]), 1e-5f);
    }

    [Fact]
    public void Noise_OfManySteps_IsWhiteWithUnitVariance()
    {
        float[] sigmas = [.. Enumerable.Range(0, 11).Select(i => (float)(14.6 * Math.Pow(0.002, i / 10.0)))];
        var noise = new BrownianNoise(s_cpu, 3, sigmas[^1], sigmas[0], 20000);
        float[][] steps = new float[10][];
        for (int i = 0; i < 10; i++) noise.Sample(sigmas[i], sigmas[i + 1], steps[i] = new float[20000]);
        for (int i = 0; i < 10; i++)
        {
            Assert.InRange(steps[i].Average(v => (double)v * v), 0.95, 1.05);
            if (i > 0) Assert.InRange(steps[i].Zip(steps[i - 1], (x, y) => (double)x * y).Average(), -0.04, 0.04);
        }
    }

    [Fact]
    public void Points_OutsideOrEqual_AreHandled()
    {
        var tree = new BrownianTree(s_cpu, 1, 1, 2, 4);
        Assert.Equal(Ask(tree, 1, 2), Ask(tree, -5, 9));
        Assert.Equal(new float[4], Ask(tree, 1.5, 1.5));
        Assert.Equal(new float[4], Ask(tree, 1.5, 1.5 + 1e-9));
        Assert.Throws<ArgumentException>(() => Ask(tree, 1.7, 1.2));
        Assert.Throws<ArgumentException>(() => Ask(tree, double.NaN, 1.2));
        Assert.Throws<ArgumentException>(() => new BrownianTree(s_cpu, 1, 2, 2, 4));
        Assert.Throws<ArgumentException>(() => new BrownianTree(s_cpu, 1, 0, double.NaN, 4));
    }

    [Theory]
    [InlineData(0.0078125, 0.007812)] // an exact tie goes to even
    [InlineData(0.0234375, 0.023438)]
    [InlineData(0.5e-6, 0.0)] // the double below the tie
    [InlineData(1.5e-6, 2e-6)] // the double above the tie
    [InlineData(2.5e-6, 3e-6)]
    [InlineData(-0.0078125, -0.007812)]
    [InlineData(14.614641189575195, 14.614641)]
    [InlineData(3.0, 3.0)]
    [InlineData(1e-300, 0.0)]
    [InlineData(12345678901.23456789, 12345678901.234568)]
    public void Rounding_ToMillionths_IsPythons(double x, double expected) => Assert.Equal(expected, DecimalRounding.ToMillionths(x));

    [Fact]
    public void Rounding_OfAnyNumber_IsTheNearestDecimal()
    {
        var random = new Random(4);
        for (int i = 0; i < 20000; i++)
        {
            double x = Math.Pow(10, random.NextDouble() * 10 - 6);
            Assert.Equal(
                double.Parse(x.ToString("F6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture),
                DecimalRounding.ToMillionths(x));
        }
    }

    private static float[] Ask(BrownianTree tree, double from, double to)
    {
        float[] increment = new float[tree.Size];
        tree.Increment(from, to, increment);
        return increment;
    }
}

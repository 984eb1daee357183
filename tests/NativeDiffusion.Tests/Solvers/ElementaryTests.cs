using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>The portable functions against the platform's: they may differ in the last digits only.</summary>
public sealed class ElementaryTests
{
    [Fact]
    public void Functions_OverTheirRange_AreThePlatformsToAFewUlp()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            double x = Math.Exp(random.NextDouble() * 60 - 30), angle = random.NextDouble() * 1.57, y = random.NextDouble() * 80 - 40;
            Close(Math.Log(x), Elementary.Log(x), 4e-16 + 4e-16 * Math.Abs(Math.Log(x)));
            Close(Math.Exp(y), Elementary.Exp(y), 2e-15 * Math.Exp(y));
            Close(Math.Pow(x, 1.0 / 7), Elementary.Pow(x, 1.0 / 7), 4e-15 * Math.Pow(x, 1.0 / 7));
            Close(Math.Sin(angle), Elementary.Sin(angle), 1e-15);
            Close(Math.Cos(angle), Elementary.Cos(angle), 1e-15);
            Close(Math.Atan(x), Elementary.Atan(x), 1e-15 * Math.Max(Math.Atan(x), 1e-3));
        }
    }

    [Fact]
    public void Functions_AtTheEnds_AreDefined()
    {
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0));
        Assert.Equal(double.PositiveInfinity, Elementary.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(Elementary.Log(-1)));
        Assert.Equal(0, Elementary.Log(1));
        Assert.Equal(0, Elementary.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(double.PositiveInfinity));
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal((1, 0, 3), (Elementary.Pow(0, 0), Elementary.Pow(0, 2), Elementary.Pow(3, 1)));
        Assert.Equal(Math.Log(5e-324), Elementary.Log(5e-324), 1e-12);
    }

    private static void Close(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"expected {expected:g17}, made {actual:g17}");
}

using NativeDiffusion.Randomness;
using Xunit;

namespace NativeDiffusion.Tests.Randomness;

public sealed class ElementaryTests
{
    private const double FewUlps = 4e-16;

    [Fact]
    public void Log_OverTheWholeRange_IsWithinAFewUlps()
    {
        var random = new Random(1);
        double[] cases = [1, 0.5, 2, Math.Sqrt(0.5), 1 - 1e-16, 1 + 2.3e-16, Math.Pow(2, -53), Math.Pow(2, -33), 1e300, 1e-300];
        foreach (double x in cases.Concat(Enumerable.Range(0, 20000).Select(_ => Math.Pow(2, random.NextDouble() * 200 - 150) * (1 + random.NextDouble()))))
            Assert.True(Math.Abs(Elementary.Log(x) - Math.Log(x)) <= FewUlps * Math.Max(Math.Abs(Math.Log(x)), 1e-300), $"ln {x:r}");
    }

    [Fact]
    public void SinCos_WithinATurn_IsWithinAFewUlpsOfOne()
    {
        var random = new Random(2);
        double[] cases = [0, Math.PI / 4, Math.PI / 2, Math.PI, 2 * Math.PI, 1e-9, -1];
        foreach (double x in cases.Concat(Enumerable.Range(0, 20000).Select(_ => random.NextDouble() * 8 - 1)))
        {
            (double sin, double cos) = Elementary.SinCos(x);
            Assert.True(Math.Abs(sin - Math.Sin(x)) <= FewUlps, $"sin {x:r}");
            Assert.True(Math.Abs(cos - Math.Cos(x)) <= FewUlps, $"cos {x:r}");
        }
    }

    [Fact]
    public void Acos_OverItsRange_IsWithinAFewUlps()
    {
        for (int i = -10000; i <= 10000; i++)
        {
            double x = i / 10000.0;
            Assert.True(Math.Abs(Elementary.Acos(x) - Math.Acos(x)) <= 1e-15, $"acos {x:r}");
        }
    }
}

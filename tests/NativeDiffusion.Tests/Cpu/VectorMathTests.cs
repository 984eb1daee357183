using System.Runtime.Intrinsics;
using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class VectorMathTests
{
    private static readonly float[] s_points = [.. Enumerable.Range(-4000, 8001).Select(i => i / 250f)];

    [Fact]
    public void Exp2_SixteenEachWay_MatchesReference() => Check(VectorMath.Exp2, x => Math.Pow(2, x));

    [Fact]
    public void Gelu_SixteenEachWay_MatchesReference() => Check(VectorMath.Gelu, x => ActivateReference.Forward(x, Activation.Gelu));

    [Fact]
    public void QuickGelu_SixteenEachWay_MatchesReference() => Check(VectorMath.QuickGelu, x => ActivateReference.Forward(x, Activation.QuickGelu));

    [Fact]
    public void Exp2_Ends_ClampsAndKeepsNaN()
    {
        Assert.Equal(0f, VectorMath.Exp2(Vector512.Create(-1000f))[0]);
        Assert.Equal(MathF.ScaleB(1, -126), VectorMath.Exp2(Vector512.Create(-126f))[0]);
        Assert.Equal(0f, VectorMath.Exp2(Vector512.Create(float.NegativeInfinity))[0]);
        Assert.Equal(float.PositiveInfinity, VectorMath.Exp2(Vector512.Create(1000f))[0]);
        Assert.True(float.IsFinite(VectorMath.Exp2(Vector512.Create(127.99f))[0]));
        Assert.True(float.IsNaN(VectorMath.Exp2(Vector512.Create(float.NaN))[0]));
        Assert.Equal(1f, VectorMath.Exp2(Vector512<float>.Zero)[0]);
    }

    [Fact]
    public void Sum_SixteenLanes_AddsAll() => Assert.Equal(120f, VectorMath.Sum(Vector512<float>.Indices));

    [Fact]
    public void ScalarMath_ManyAngles_AgreesWithTheRuntime()
    {
        for (int i = -2000; i <= 2000; i++)
        {
            (double sin, double cos) = ScalarMath.SinCos(i * 0.77);
            Assert.Equal(Math.Sin(i * 0.77), sin, 1e-14);
            Assert.Equal(Math.Cos(i * 0.77), cos, 1e-14);
            Assert.Equal(1, ScalarMath.Exp(i * 0.01) / Math.Exp(i * 0.01), 1e-14);
        }
    }

    // Positive points are compared one by one; the negative tail converges to zero and is compared as a whole.
    private static void Check(Func<Vector512<float>, Vector512<float>> function, Func<double, double> reference)
    {
        foreach (float x in s_points.Where(x => x > 0))
            TensorAssert.Close([reference(x)], [function(Vector512.Create(x))[0]], Tolerance.Elementwise);
        float[] tail = [.. s_points.Where(x => x <= 0)];
        TensorAssert.Close([.. tail.Select(x => reference(x))], [.. tail.Select(x => function(Vector512.Create(x))[0])], Tolerance.Elementwise);
    }
}

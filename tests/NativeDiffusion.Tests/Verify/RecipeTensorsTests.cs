using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Verify;

public sealed class RecipeTensorsTests
{
    [Fact]
    public void Input_ReadmeCheck_HasTheStatedValues()
    {
        float[] x = RecipeTensors.Input("conv_in.weight", 4);
        float[] v = [0.14250004f, 0.7665291f, -0.819942f, -0.3953755f];
        for (int i = 0; i < 4; i++) Assert.Equal(v[i] * Math.Sqrt(3), x[i], 6);
    }

    [Fact]
    public void Weight_Norm_IsNearOne()
    {
        float[] w = new float[64];
        RecipeTensors.Weight("a.norm.weight", new TensorShape(64), w);
        Assert.All(w, value => Assert.InRange(value, 0.9f, 1.1f));
    }
}

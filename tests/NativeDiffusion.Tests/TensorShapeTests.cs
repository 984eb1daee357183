using NativeDiffusion.Tensors;
using Xunit;

namespace NativeDiffusion.Tests;

public sealed class TensorShapeTests
{
    [Fact]
    public void Count_Scalar_IsOne()
    {
        Assert.Equal(1, default(TensorShape).Count);
        Assert.Equal(1, new TensorShape().Count);
    }

    [Fact]
    public void Equality_SameExtents_IsByValue()
    {
        Assert.Equal(new TensorShape(2, 3), new TensorShape(2, 3));
        Assert.NotEqual(new TensorShape(2, 3), new TensorShape(3, 2));
        Assert.Equal("[2, 3]", new TensorShape(2, 3).ToString());
    }
}

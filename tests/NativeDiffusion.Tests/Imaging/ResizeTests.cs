using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class ResizeTests
{
    [Theory]
    [CombinatorialData]
    public void Resize_EvenColour_StaysEven(ResizeFilter filter, [CombinatorialValues(1, 3, 8, 31)] int width, [CombinatorialValues(2, 17)] int height)
    {
        RgbImage image = Pictures.Filled(8, 8, 255, 127, 1).Resize(width, height, filter);
        Assert.Equal((width, height), (image.Width, image.Height));
        for (int i = 0; i < image.Pixels.Length; i++) Assert.Equal(i % 3 == 0 ? 255 : i % 3 == 1 ? 127 : 1, image.Pixels[i]);
    }

    [Fact]
    public void Resize_ToTheSameSize_IsThePicture()
    {
        RgbImage image = Pictures.Make(20, 10);
        Assert.Same(image, image.Resize(20, 10));
    }

    // One axis against the definition in double: weights L((i - center) / scale), normalised.
    [Theory]
    [InlineData(40, 13)]
    [InlineData(13, 40)]
    [InlineData(7, 1)]
    [InlineData(512, 64)]
    public void Lanczos_OneRow_IsTheConvolutionWithinHalfAStep(int from, int to)
    {
        RgbImage image = Pictures.Make(from, 1);
        RgbImage resized = image.Resize(to, 1);
        double scale = (double)from / to, widening = Math.Max(scale, 1);
        static double L(double x) => Math.Abs(x) >= 3 ? 0 : x == 0 ? 1 : 3 * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) / (Math.PI * Math.PI * x * x);
        for (int x = 0; x < to; x++)
        {
            double[] weights = [.. Enumerable.Range(0, from).Select(i => L((i + 0.5 - (x + 0.5) * scale) / widening))];
            for (int c = 0; c < 3; c++)
            {
                double value = Enumerable.Range(0, from).Sum(i => weights[i] * image.Pixels[3 * i + c]) / weights.Sum();
                Assert.Equal(Math.Clamp(value, 0, 255), resized.Pixels[3 * x + c], 0.51);
            }
        }
    }

    [Fact]
    public void Resize_MirroredPicture_GivesTheMirroredResult()
    {
        RgbImage image = Pictures.Make(33, 21);
        Assert.Equal(Mirror(image.Resize(14, 50)).Pixels.ToArray(), Mirror(image).Resize(14, 50).Pixels.ToArray());
        static RgbImage Mirror(RgbImage image)
        {
            byte[] pixels = new byte[image.Pixels.Length];
            for (int i = 0; i < pixels.Length / 3; i++)
                image.Pixels.Slice(3 * (i / image.Width * image.Width + image.Width - 1 - i % image.Width), 3).CopyTo(pixels.AsSpan(3 * i));
            return new RgbImage(image.Width, image.Height, pixels);
        }
    }

    [Fact]
    public void Resize_ImpossibleSizes_AreRefused()
    {
        RgbImage image = Pictures.Make(2, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(int.MaxValue, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Resize(3, 3, (ResizeFilter)9));
    }
}

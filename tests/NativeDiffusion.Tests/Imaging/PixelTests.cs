using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class PixelTests
{
    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(1f, 255)]
    [InlineData(0f, 128)] // 127.5 goes to the even neighbour
    [InlineData(-5f, 0)]
    [InlineData(5f, 255)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-0.9960785f, 0)] // 0.49999 rounds down
    public void ToByte_Value_IsCutAndRoundedHalfToEven(float value, int expected) => Assert.Equal(expected, PixelConversion.ToByte(value));

    [Fact]
    public void Planes_OfAPicture_ComeBackAsThePicture()
    {
        RgbImage image = Pictures.Make(17, 9);
        float[] planes = new float[3 * 17 * 9];
        PixelConversion.ToPlanes(image, planes);
        Assert.Equal(image.Pixels.ToArray(), PixelConversion.ToImage(planes, 17, 9).Pixels.ToArray());
        Assert.Equal(2f * (image.Pixels[4] / 255f) - 1f, planes[17 * 9 + 1]);
        Assert.Throws<ArgumentException>(() => PixelConversion.ToImage(planes, 17, 8));
    }

    [Fact]
    public void Image_WrongLengthOrSize_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new RgbImage(2, 2, new byte[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RgbImage(0, 2, []));
        byte[] pixels = [1, 2, 3];
        var image = new RgbImage(1, 1, pixels);
        pixels[0] = 9;
        Assert.Equal(1, image.Pixels[0]);
        byte[] copy = new byte[4];
        image.CopyTo(copy);
        Assert.Equal([1, 2, 3, 0], copy);
    }

    [Fact]
    public void Mask_Grey_IsCutAtOneHalfAndTakenToTheLatentByNearest()
    {
        byte[] pixels = new byte[16 * 8 * 3];
        for (int i = 0; i < 16 * 8; i++) pixels.AsSpan(3 * i, 3).Fill(i % 16 >= 8 ? (byte)128 : (byte)127);
        InpaintMask mask = InpaintMask.FromImage(new RgbImage(16, 8, pixels));
        Assert.Equal(64, mask.Values.ToArray().Sum());
        Assert.Equal([0f, 1f], mask.Nearest(2, 1).Values.ToArray());
        Assert.Equal([0f, 0f, 1f], mask.Nearest(3, 1).Values.ToArray()); // cells 0, 5, 10
        float[] planes = new float[3 * 16 * 8];
        Array.Fill(planes, 1);
        mask.Blank(planes);
        Assert.Equal(3 * 64, planes.Sum());
    }

    [Fact]
    public void Mask_Colours_AreWeighedAsPil()
    {
        Assert.Equal(0, InpaintMask.FromImage(Pictures.Filled(1, 1, 255, 0, 0)).Values[0]); // grey 76
        Assert.Equal(1, InpaintMask.FromImage(Pictures.Filled(1, 1, 0, 255, 0)).Values[0]); // grey 150
        Assert.Equal(1, InpaintMask.FromImage(Pictures.Filled(1, 1, 255, 90, 0)).Values[0]); // grey 129
    }

    [Fact]
    public void Preview_KnownFactors_AreApplied()
    {
        RgbImage zero = LatentToRgb.StableDiffusion1.Draw(new float[4 * 6], 3, 2);
        Assert.All(zero.Pixels.ToArray(), b => Assert.Equal(128, b));
        float[] latent = new float[4];
        latent[3] = 1;
        Assert.Equal(
            [PixelConversion.ToByte(-0.2120f), PixelConversion.ToByte(-0.2616f), PixelConversion.ToByte(-0.7177f)], LatentToRgb.StableDiffusion1.Draw(
            latent, 1, 1).Pixels.ToArray());
        Assert.Equal(3 * 6, LatentToRgb.Generic(1).Draw(new float[6], 3, 2).Pixels.Length);
        Assert.Throws<ArgumentException>(() => LatentToRgb.Generic(4).Draw(new float[6], 3, 2));
    }

    [Fact]
    public void Preview_FittedToALinearDecoder_FindsItsFactors()
    {
        var random = new Random(3);
        const int width = 9, height = 7, scale = 2;
        float[] latent = [.. Enumerable.Range(0, 4 * width * height).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] factors = [.. Enumerable.Range(0, 12).Select(_ => (float)random.NextDouble() * 0.4f - 0.2f)];
        LatentToRgb truth = LatentToRgb.Create(factors, [0.1f, 0, -0.1f]);
        float[] planes = new float[3 * width * height * scale * scale];
        for (int i = 0; i < planes.Length; i++)
        {
            int colour = i / (width * height * scale * scale), x = i % (width * scale) / scale, y = i / (width * scale) % (height * scale) / scale;
            planes[i] = colour switch { 0 => 0.1f, 1 => 0, _ => -0.1f };
            for (int c = 0; c < 4; c++) planes[i] += latent[(c * height + y) * width + x] * factors[3 * c + colour];
        }

        LatentToRgb fitted = LatentToRgb.Fit(latent, planes, 4, width, height, scale);
        byte[] expected = truth.Draw(latent, width, height).Pixels.ToArray(), actual = fitted.Draw(latent, width, height).Pixels.ToArray();
        Assert.True(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() <= 1);
    }

    [Fact]
    public void ContactSheet_PicturesOfTwoSizes_LieInTheirCells()
    {
        RgbImage red = Pictures.Filled(4, 2, 255, 0, 0), blue = Pictures.Filled(2, 4, 0, 0, 255), label = Pictures.Filled(9, 3, 7, 7, 7);
        RgbImage sheet = ContactSheet.Build([red, blue, red], columns: 2, gap: 1, background: 200, labels: [null, label, null]);
        Assert.Equal((1 + 2 * 5, 1 + 2 * (4 + 3 + 1)), (sheet.Width, sheet.Height));
        int[] At(int x, int y) => [.. sheet.Pixels.Slice(3 * (y * sheet.Width + x), 3).ToArray().Select(b => (int)b)];
        Assert.Equal([200, 200, 200], At(0, 0));
        Assert.Equal([255, 0, 0], At(1, 2)); // centred in a cell of 4 x 4
        Assert.Equal([200, 200, 200], At(1, 1));
        Assert.Equal([0, 0, 255], At(7, 1));
        Assert.Equal([200, 200, 200], At(6, 1));
        Assert.Equal([7, 7, 7], At(9, 5));
        Assert.Equal([255, 0, 0], At(4, 10));
        Assert.Equal((4 * (4 + 8) + 8, 3 * 10 + 8), Size(ContactSheet.Build([.. Enumerable.Repeat(red, 12)])));
        Assert.Throws<ArgumentException>(() => ContactSheet.Build([]));
        static (int, int) Size(RgbImage image) => (image.Width, image.Height);
    }
}

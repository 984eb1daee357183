using NativeDiffusion.Imaging;

namespace NativeDiffusion.Tests.Imaging;

/// <summary>Pictures for tests: smooth with a little noise, so that every filter is best somewhere.</summary>
internal static class Pictures
{
    public static RgbImage Make(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(128 + 100 * Math.Sin(i / 3 % width * 0.1 + i / 3 / width * 0.07 * (i % 3 + 1)) + random.Next(i / 3 / width % 20 + 1));
        return new RgbImage(width, height, pixels);
    }

    public static RgbImage Filled(int width, int height, byte red, byte green, byte blue)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        return new RgbImage(width, height, pixels);
    }
}

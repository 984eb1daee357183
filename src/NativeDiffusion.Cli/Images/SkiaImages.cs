using NativeDiffusion.Imaging;
using SkiaSharp;

namespace NativeDiffusion.Cli.Images;

/// <summary>The formats that SkiaSharp encodes and decodes for us.</summary>
internal static class SkiaImages
{
    /// <summary>Encodes a picture.</summary>
    public static byte[] Encode(RgbImage image, SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> target = bitmap.GetPixelSpan();
        ReadOnlySpan<byte> source = image.Pixels;
        for (int i = 0, o = 0; i < source.Length; i += 3, o += 4)
        {
            source.Slice(i, 3).CopyTo(target[o..]);
            target[o + 3] = 255;
        }

        using SKData data = bitmap.Encode(format, quality)
            ?? throw new NotSupportedException($"SkiaSharp could not write a picture of {image.Width}x{image.Height} as {format}.");
        return data.ToArray();
    }

    /// <summary>Decodes a picture, turned upright as its EXIF orientation says.</summary>
    /// <exception cref="ImageFormatException">Skia does not know the format, or the picture is damaged or too large.</exception>
    public static RgbImage Decode(byte[] file, string path, bool overWhite)
    {
        using var stream = new MemoryStream(file);
        using SKCodec codec = SKCodec.Create(stream, out SKCodecResult opened);
        if (opened != SKCodecResult.Success) throw new ImageFormatException("is no picture that can be read; PNG, JPEG and WebP can", path);
        SKImageInfo size = codec.Info;
        long most = PngLimits.Default.Pixels;
        if ((long)size.Width * size.Height > most) throw new ImageFormatException($"has {size.Width}x{size.Height} pixels; at most {most} are read", path);

        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) throw new ImageFormatException($"is damaged: decoding ended with '{result}'", path);
        return Upright(bitmap, codec.EncodedOrigin, overWhite);
    }

    private static RgbImage Upright(SKBitmap bitmap, SKEncodedOrigin origin, bool overWhite)
    {
        bool turned = origin >= SKEncodedOrigin.LeftTop; // the four that exchange width and height
        int width = turned ? bitmap.Height : bitmap.Width;
        int height = turned ? bitmap.Width : bitmap.Height;
        ReadOnlySpan<byte> source = bitmap.GetPixelSpan();
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int right, int down) = (width - 1 - x, height - 1 - y);
                (int sx, int sy) = origin switch
                {
                    SKEncodedOrigin.TopRight => (right, y),
                    SKEncodedOrigin.BottomRight => (right, down),
                    SKEncodedOrigin.BottomLeft => (x, down),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, right),
                    SKEncodedOrigin.RightBottom => (down, right),
                    SKEncodedOrigin.LeftBottom => (down, x),
                    _ => (x, y),
                };
                ReadOnlySpan<byte> from = source.Slice(sy * bitmap.RowBytes + sx * 4, 4);
                Span<byte> to = pixels.AsSpan((y * width + x) * 3, 3);
                for (int c = 0; c < 3; c++) to[c] = overWhite ? OverWhite(from[c], from[3]) : from[c];
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static byte OverWhite(int value, int opacity) => (byte)((value * opacity + 255 * (255 - opacity) + 127) / 255);
}

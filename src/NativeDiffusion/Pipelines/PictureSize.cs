using System.Globalization;
using NativeDiffusion.Models;

namespace NativeDiffusion.Pipelines;

/// <summary>The size of a generation's pictures and latents.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Factor">Pixels per latent cell, in each direction.</param>
internal sealed record PictureSize(int Width, int Height, int Factor)
{
    /// <summary>Latent cells across.</summary>
    public int LatentWidth => Width / Factor;

    /// <summary>Latent cells down.</summary>
    public int LatentHeight => Height / Factor;

    /// <summary>The size of the options, else the start picture's, else the model's own.</summary>
    /// <exception cref="ArgumentException">A side is not a positive multiple of the factor.</exception>
    public static PictureSize Of(GenerationOptions options, UNet2DConditionConfig unet, AutoencoderKLConfig vae)
    {
        int factor = vae.ScaleFactor;
        int own = (unet.SampleSize ?? 64) * factor;
        int FromPicture(int? side) => side is { } pixels ? Math.Max(factor, pixels / factor * factor) : own;
        int width = options.Width ?? FromPicture(options.InitImage?.Width), height = options.Height ?? FromPicture(options.InitImage?.Height);
        Check(nameof(GenerationOptions.Width), width, factor);
        Check(nameof(GenerationOptions.Height), height, factor);
        return new PictureSize(width, height, factor);
    }

    private static void Check(string name, int side, int factor)
    {
        // The largest side keeps every count of elements inside an int.
        const int Largest = 16384;
        if (side < factor || side % factor != 0 || side > Largest)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{name} must be a multiple of {factor} from {factor} to {Largest}, not {side}."), name);
    }
}

using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli.Images;

/// <summary>A picture file that was read.</summary>
/// <param name="Image">The pixels, upright.</param>
/// <param name="Parameters">The generation text that the file carries, or null.</param>
internal sealed record LoadedImage(RgbImage Image, string? Parameters);

using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;

namespace NativeDiffusion;

/// <summary>One picture of a generation.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Parameters">Its generation parameters in A1111's format; the text is written to the file.</param>
/// <param name="Latents">Its final latents [1, C, H, W], scaled; only with <see cref="GenerationOptions.KeepLatents"/>.</param>
public sealed record GeneratedPicture(RgbImage Image, ulong Seed, GenerationParameters Parameters, Tensor? Latents);

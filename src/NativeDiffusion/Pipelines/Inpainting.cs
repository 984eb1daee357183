using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>How a picture is repainted.</summary>
/// <param name="Known">Mask (1 = drawn anew) and known latents, each [1, C, H, W].</param>
/// <param name="Noise">The noise that the run began with, [1, C, H, W].</param>
/// <param name="BlendsX0">Whether the known latents replace x0 before a step (A1111), or x after it (diffusers).</param>
/// <param name="ExtraChannels">Mask and masked picture for a network that takes them, [5, H, W]; or null: then known parts are put back.</param>
internal sealed record Inpainting(KnownRegion Known, Tensor Noise, bool BlendsX0, ReadOnlyMemory<float>? ExtraChannels);

using NativeDiffusion.Tensors;

namespace NativeDiffusion.Solvers;

/// <summary>What is known of a picture that is being inpainted.</summary>
/// <param name="Mask">[N, C, H, W] of the latents: 1 where the picture is made anew, 0 where it is known, between for a soft edge.</param>
/// <param name="Picture">The known latents, same shape.</param>
public sealed record KnownRegion(Tensor Mask, Tensor Picture);

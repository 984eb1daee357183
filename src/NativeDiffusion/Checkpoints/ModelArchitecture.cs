namespace NativeDiffusion.Checkpoints;

/// <summary>The architecture of a checkpoint, as far as its denoiser determines it.</summary>
public enum ModelArchitecture
{
    /// <summary>Stable Diffusion 1.x: 4 input channels. Small models of the same architecture are included.</summary>
    StableDiffusion1,

    /// <summary>Stable Diffusion 1.x for inpainting: 9 input channels (latent, mask, masked picture).</summary>
    StableDiffusion1Inpaint,

    /// <summary>InstructPix2Pix: 8 input channels (latent, picture).</summary>
    InstructPix2Pix,

    /// <summary>Stable Diffusion 2.x: prompt states of width 1024.</summary>
    StableDiffusion2,

    /// <summary>Stable Diffusion 2.x for inpainting.</summary>
    StableDiffusion2Inpaint,

    /// <summary>A UNet of this architecture with another number of input channels.</summary>
    Other,
}

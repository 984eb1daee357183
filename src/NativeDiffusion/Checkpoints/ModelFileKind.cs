namespace NativeDiffusion.Checkpoints;

/// <summary>The kind of a weight file, as far as its tensor names determine it.</summary>
public enum ModelFileKind
{
    /// <summary>Unknown.</summary>
    Unknown,

    /// <summary>A whole Stable Diffusion 1.x checkpoint with LDM's names.</summary>
    Checkpoint,

    /// <summary>A UNet alone.</summary>
    UNet,

    /// <summary>A VAE alone.</summary>
    Vae,

    /// <summary>A text encoder alone.</summary>
    TextEncoder,

    /// <summary>An adapter: LoRA, LoHa, LoKr and similar.</summary>
    Lora,

    /// <summary>Textual inversion vectors.</summary>
    TextualInversion,

    /// <summary>A ControlNet.</summary>
    ControlNet,

    /// <summary>A Stable Diffusion 2 checkpoint with OpenCLIP's names.</summary>
    StableDiffusion2,

    /// <summary>A Stable Diffusion XL checkpoint.</summary>
    StableDiffusionXL,

    /// <summary>A Stable Diffusion 3 checkpoint.</summary>
    StableDiffusion3,

    /// <summary>A Flux checkpoint.</summary>
    Flux,
}

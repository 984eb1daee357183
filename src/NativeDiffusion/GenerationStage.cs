namespace NativeDiffusion;

/// <summary>The stages of a generation.</summary>
public enum GenerationStage
{
    /// <summary>Waiting for another generation of the same pipeline.</summary>
    Queued,

    /// <summary>Encoding prompts to text states.</summary>
    Text,

    /// <summary>Encoding the start picture to latents.</summary>
    Encode,

    /// <summary>Denoising.</summary>
    Denoise,

    /// <summary>Decoding latents to pictures.</summary>
    Decode,
}

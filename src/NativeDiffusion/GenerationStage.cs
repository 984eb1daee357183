namespace NativeDiffusion;

/// <summary>What a generation is doing.</summary>
public enum GenerationStage
{
    /// <summary>Waiting for another generation of the same pipeline.</summary>
    Queued,

    /// <summary>Prompts to text states.</summary>
    Text,

    /// <summary>The start picture to latents.</summary>
    Encode,

    /// <summary>Denoising.</summary>
    Denoise,

    /// <summary>Latents to pictures.</summary>
    Decode,
}

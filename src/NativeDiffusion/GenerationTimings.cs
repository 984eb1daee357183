namespace NativeDiffusion;

/// <summary>The times of the stages of a generation.</summary>
/// <param name="Text">Encoding prompts to text states.</param>
/// <param name="Encode">Encoding the start picture to latents.</param>
/// <param name="Denoise">All steps.</param>
/// <param name="Decode">Decoding latents to pictures.</param>
public sealed record GenerationTimings(TimeSpan Text, TimeSpan Encode, TimeSpan Denoise, TimeSpan Decode)
{
    /// <summary>All stages together.</summary>
    public TimeSpan Total => Text + Encode + Denoise + Decode;
}

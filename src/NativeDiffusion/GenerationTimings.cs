namespace NativeDiffusion;

/// <summary>How long the stages of a generation took.</summary>
/// <param name="Text">Prompts to text states.</param>
/// <param name="Encode">The start picture to latents.</param>
/// <param name="Denoise">All steps.</param>
/// <param name="Decode">Latents to pictures.</param>
public sealed record GenerationTimings(TimeSpan Text, TimeSpan Encode, TimeSpan Denoise, TimeSpan Decode)
{
    /// <summary>All stages together.</summary>
    public TimeSpan Total => Text + Encode + Denoise + Decode;
}

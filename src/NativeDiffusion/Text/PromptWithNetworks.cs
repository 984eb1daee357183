namespace NativeDiffusion.Text;

/// <summary>A prompt and its extra networks.</summary>
/// <param name="Prompt">The text without the networks; white space is unchanged.</param>
/// <param name="Networks">The networks in order.</param>
public sealed record PromptWithNetworks(string Prompt, IReadOnlyList<ExtraNetwork> Networks);

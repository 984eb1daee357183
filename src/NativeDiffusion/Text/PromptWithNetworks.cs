namespace NativeDiffusion.Text;

/// <summary>A prompt taken apart.</summary>
/// <param name="Prompt">What is left when the networks are cut out; white space is left as it was.</param>
/// <param name="Networks">The networks in their order.</param>
public sealed record PromptWithNetworks(string Prompt, IReadOnlyList<ExtraNetwork> Networks);

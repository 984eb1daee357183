namespace NativeDiffusion.Text;

/// <summary>One of the prompts combined by AND.</summary>
/// <param name="Text">The prompt, without its weight.</param>
/// <param name="Weight">The weight of its guidance; 1 by default.</param>
public readonly record struct SubPrompt(string Text, double Weight);

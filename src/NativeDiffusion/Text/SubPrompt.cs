namespace NativeDiffusion.Text;

/// <summary>One of the prompts that AND joins.</summary>
/// <param name="Text">The prompt, its weight cut off.</param>
/// <param name="Weight">How much its guidance counts; 1 when none is written.</param>
public readonly record struct SubPrompt(string Text, double Weight);

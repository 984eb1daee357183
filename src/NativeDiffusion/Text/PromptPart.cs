namespace NativeDiffusion.Text;

/// <summary>A section of a prompt with one weight.</summary>
/// <param name="Text">The words, escapes resolved.</param>
/// <param name="Weight">The product of the brackets around them; 1 without any.</param>
public readonly record struct PromptPart(string Text, double Weight)
{
    /// <summary>
    /// Whether this is the word BREAK, which ends a chunk. It has the weight -1 and is multiplied like a word: inside weighted brackets
    /// it is not a break any more, as in A1111.
    /// </summary>
    public bool IsBreak => Text == "BREAK" && Weight == -1;
}

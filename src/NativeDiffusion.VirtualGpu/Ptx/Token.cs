namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>One token of PTX; a word after a dot carries its text without the dot.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool Is(char punctuation) => Kind == TokenKind.Punctuation && Text[0] == punctuation;
}

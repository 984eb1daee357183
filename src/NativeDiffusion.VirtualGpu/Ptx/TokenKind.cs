namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Identifier,
    DotWord,
    Number,
    Text,
    Punctuation,
}

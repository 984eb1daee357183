namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The kinds of tokens.</summary>
internal enum TokenKind
{
    End,
    Identifier,
    DotWord,
    Number,
    Text,
    Punctuation,
}

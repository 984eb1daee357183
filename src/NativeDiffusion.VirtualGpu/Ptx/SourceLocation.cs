namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A source location of an instruction; InlinedAt is the call site if it was inlined.</summary>
internal sealed record SourceLocation(string File, int Line, int Column, SourceLocation? InlinedAt)
{
    public override string ToString() => InlinedAt is null ? $"{File}:{Line}" : $"{File}:{Line}, inlined at {InlinedAt}";
}

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A place in the source that a compiler made an instruction from; InlinedAt is where the call stood that brought it here.</summary>
internal sealed record SourceLocation(string File, int Line, int Column, SourceLocation? InlinedAt)
{
    public override string ToString() => InlinedAt is null ? $"{File}:{Line}" : $"{File}:{Line}, inlined at {InlinedAt}";
}

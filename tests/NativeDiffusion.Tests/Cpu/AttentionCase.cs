namespace NativeDiffusion.Tests.Cpu;

/// <summary>Sizes and attributes of one attention; q, k and v are adjacent in rows of their joined width when <paramref name="Joined"/>.</summary>
internal sealed record AttentionCase(
    string Name, int Batch, int Heads, int QueryTokens, int KeyTokens, int HeadDim, bool Causal = false, bool Joined = false, float Sharpness = 1)
{
    public int Width => Heads * HeadDim;
}

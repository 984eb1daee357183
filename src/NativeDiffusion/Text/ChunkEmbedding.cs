namespace NativeDiffusion.Text;

/// <summary>Where a learned word's vectors stand in a chunk.</summary>
/// <param name="Offset">The place of the first, counted from the token after the begin token.</param>
/// <param name="Embedding">The word.</param>
/// <param name="First">The first of its vectors that stands here.</param>
/// <param name="Count">How many of its vectors stand here.</param>
public sealed record ChunkEmbedding(int Offset, TextualInversion Embedding, int First, int Count);

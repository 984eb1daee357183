namespace NativeDiffusion.Text;

/// <summary>The position of an embedding's vectors in a chunk.</summary>
/// <param name="Offset">The position of the first, counted from the token after the begin token.</param>
/// <param name="Embedding">The embedding.</param>
/// <param name="First">The first of its vectors at this position.</param>
/// <param name="Count">The number of its vectors at this position.</param>
public sealed record ChunkEmbedding(int Offset, TextualInversion Embedding, int First, int Count);

namespace NativeDiffusion.Text;

/// <summary>The input of the text encoder: begin, 75 tokens, end.</summary>
/// <param name="Tokens">77 ids; positions of embeddings hold 0.</param>
/// <param name="Multipliers">77 weights; 1 for begin, end and padding.</param>
/// <param name="Embeddings">The embeddings in it.</param>
public sealed record PromptChunk(IReadOnlyList<int> Tokens, IReadOnlyList<double> Multipliers, IReadOnlyList<ChunkEmbedding> Embeddings);

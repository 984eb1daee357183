namespace NativeDiffusion.Text;

/// <summary>What the text encoder reads at once: begin, 75 tokens, end.</summary>
/// <param name="Tokens">77 ids; places of learned words hold 0.</param>
/// <param name="Multipliers">77 weights; 1 for begin, end and filling.</param>
/// <param name="Embeddings">The learned words in it.</param>
public sealed record PromptChunk(IReadOnlyList<int> Tokens, IReadOnlyList<double> Multipliers, IReadOnlyList<ChunkEmbedding> Embeddings);

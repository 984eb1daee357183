namespace NativeDiffusion.Text;

/// <summary>A text in chunks.</summary>
/// <param name="Chunks">At least one.</param>
/// <param name="TokenCount">The number of tokens of the text; a chunk completed early counts as 75.</param>
public sealed record PromptChunks(IReadOnlyList<PromptChunk> Chunks, int TokenCount);

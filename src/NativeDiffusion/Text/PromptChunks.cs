namespace NativeDiffusion.Text;

/// <summary>A text in chunks.</summary>
/// <param name="Chunks">At least one.</param>
/// <param name="TokenCount">How many tokens the text takes, a chunk ended early counted as 75.</param>
public sealed record PromptChunks(IReadOnlyList<PromptChunk> Chunks, int TokenCount);

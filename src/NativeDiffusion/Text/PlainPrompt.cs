namespace NativeDiffusion.Text;

/// <summary>A prompt in diffusers' pipelines: one chunk, no grammar; embeddings are found by the tokens of their names.</summary>
/// <param name="Chunk">Begin, at most 75 tokens, end, padding.</param>
/// <param name="TokenCount">The number of tokens of the whole prompt.</param>
/// <param name="Truncated">The text that did not fit, or null.</param>
internal sealed record PlainPrompt(PromptChunk Chunk, int TokenCount, string? Truncated)
{
    /// <summary>Reads a prompt.</summary>
    public static PlainPrompt Read(ClipTokenizer tokenizer, PromptChunker chunker, string prompt)
    {
        int[] ids = tokenizer.Encode(prompt);
        var builder = new ChunkBuilder(tokenizer);
        int count = 0;
        int cut = -1;
        for (int at = 0; at < ids.Length;)
        {
            TextualInversion? embedding = chunker.FindEmbedding(ids, at, out int length);
            int places = embedding?.Count ?? 1;
            int fitting = Math.Min(places, PromptChunker.ChunkLength - builder.Length);
            if (fitting < places && cut < 0) cut = at;
            if (embedding is not null && fitting > 0) builder.Add(embedding, 0, fitting, 1);
            else if (fitting > 0) builder.Add(ids[at], 1);
            count += places;
            at += embedding is null ? 1 : length;
        }
        builder.Close();
        return new PlainPrompt(builder.Chunks[0], count, cut < 0 ? null : tokenizer.Decode(ids.AsSpan(cut)));
    }
}

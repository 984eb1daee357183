namespace NativeDiffusion.Text;

/// <summary>Finds embeddings in token ids: by the ids of their names, the longest first.</summary>
internal sealed class EmbeddingIndex
{
    private readonly Dictionary<int, List<(int[] Ids, TextualInversion Embedding)>> _byFirst = [];

    /// <exception cref="ArgumentException">An embedding has more vectors than a chunk has positions.</exception>
    public EmbeddingIndex(ClipTokenizer tokenizer, IReadOnlyList<TextualInversion> embeddings)
    {
        // The last of equal names counts.
        foreach (TextualInversion embedding in embeddings.Reverse().DistinctBy(embedding => embedding.Name).Reverse())
        {
            int[] ids = tokenizer.Encode(embedding.Name);
            if (embedding.Count > PromptChunker.ChunkLength)
                throw new ArgumentException(
                    $"The embedding \"{embedding.Name}\" has {embedding.Count} vectors; a chunk holds {PromptChunker.ChunkLength}.", nameof(embeddings));
            if (!_byFirst.TryGetValue(ids[0], out List<(int[] Ids, TextualInversion Embedding)>? list)) _byFirst.Add(ids[0], list = []);
            int at = list.FindIndex(other => other.Ids.Length < ids.Length);
            list.Insert(at < 0 ? list.Count : at, (ids, embedding));
        }
    }

    /// <summary>The longest embedding whose name starts at a position.</summary>
    /// <param name="ids">The ids of one part of a prompt.</param>
    /// <param name="at">The position.</param>
    /// <param name="length">The number of ids of the name.</param>
    public TextualInversion? Find(ReadOnlySpan<int> ids, int at, out int length)
    {
        length = 0;
        if (!_byFirst.TryGetValue(ids[at], out List<(int[] Ids, TextualInversion Embedding)>? list)) return null;
        foreach ((int[] name, TextualInversion embedding) in list)
        {
            if (!ids[at..].StartsWith(name)) continue;
            length = name.Length;
            return embedding;
        }
        return null;
    }
}

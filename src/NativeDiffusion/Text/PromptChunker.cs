namespace NativeDiffusion.Text;

/// <summary>
/// Splits a weighted text into chunks of 75 tokens as A1111 does: BREAK ends a chunk; an overflowing text is split at a comma among the last tokens; the
/// vectors of an embedding stay together. Immutable and thread-safe.
/// </summary>
public sealed class PromptChunker
{
    /// <summary>The number of text tokens of a chunk: 75.</summary>
    public const int ChunkLength = ClipTokenizer.MaxLength - 2;

    private readonly ClipTokenizer _tokenizer;
    private readonly EmbeddingIndex _embeddings;
    private readonly int _commaBacktrack;
    private readonly int _commaId;

    /// <summary>Creates a chunker.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="embeddings">The embeddings, found by the tokens of their names, the longest first; null for none.</param>
    /// <param name="commaBacktrack">The maximum distance to a comma, in tokens; 0 never backtracks.</param>
    /// <exception cref="ArgumentException">An embedding has more than 75 vectors.</exception>
    public PromptChunker(ClipTokenizer tokenizer, IReadOnlyList<TextualInversion>? embeddings = null, int commaBacktrack = 20)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfNegative(commaBacktrack);
        _tokenizer = tokenizer;
        _embeddings = new EmbeddingIndex(tokenizer, embeddings ?? []);
        _commaBacktrack = commaBacktrack;
        _commaId = tokenizer.TryGetId(",</w>", out int id) ? id : -1;
        var builder = new ChunkBuilder(tokenizer);
        builder.Close();
        Empty = builder.Chunks[0];
    }

    /// <summary>The chunk of an empty text.</summary>
    public PromptChunk Empty { get; }

    /// <summary>Splits a text.</summary>
    /// <param name="text">The text, with attention brackets; no extra networks, AND, or edits.</param>
    /// <param name="emphasis"><see cref="EmphasisMode.None"/> treats brackets and BREAK as text.</param>
    public PromptChunks Chunk(string text, EmphasisMode emphasis = EmphasisMode.Original)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new ChunkBuilder(_tokenizer);
        int count = 0;
        int lastComma = -1;
        void Next()
        {
            count += ChunkLength;
            lastComma = -1;
        }

        foreach (PromptPart part in emphasis == EmphasisMode.None ? [new PromptPart(text, 1)] : PromptParser.ParseAttention(text))
        {
            if (part.IsBreak)
            {
                builder.Close();
                Next();
                continue;
            }
            int[] ids = _tokenizer.Encode(part.Text);
            for (int at = 0; at < ids.Length;)
            {
                if (ids[at] == _commaId)
                {
                    lastComma = builder.Length;
                }
                else if (_commaBacktrack != 0 && builder.Length == ChunkLength && lastComma != -1 && builder.Length - lastComma <= _commaBacktrack)
                {
                    builder.CloseBefore(lastComma + 1);
                    Next();
                }
                TextualInversion? embedding = _embeddings.Find(ids, at, out int length);
                int places = embedding?.Count ?? 1;
                if (builder.Length == ChunkLength || builder.Length + places > ChunkLength)
                {
                    builder.Close();
                    Next();
                }
                if (embedding is null)
                    builder.Add(ids[at++], part.Weight);
                else
                    builder.Add(embedding, 0, places, part.Weight);
                at += length;
            }
        }
        count += builder.Length;
        if (builder.Length > 0 || builder.Chunks.Count == 0) builder.Close();
        return new PromptChunks(builder.Chunks, count);
    }

    /// <summary>The embedding whose name starts at a position of a text's ids, or null.</summary>
    internal TextualInversion? FindEmbedding(ReadOnlySpan<int> ids, int at, out int length) => _embeddings.Find(ids, at, out length);
}

namespace NativeDiffusion.Text;

/// <summary>Fills one chunk after another.</summary>
internal sealed class ChunkBuilder(ClipTokenizer tokenizer)
{
    private readonly List<PromptChunk> _chunks = [];
    private readonly List<ChunkEmbedding> _embeddings = [];
    private List<int> _tokens = [];
    private List<double> _multipliers = [];

    /// <summary>The completed chunks.</summary>
    public IReadOnlyList<PromptChunk> Chunks => _chunks;

    /// <summary>The occupied positions of the current chunk.</summary>
    public int Length => _tokens.Count;

    /// <summary>Adds a token to the current chunk.</summary>
    public void Add(int token, double multiplier)
    {
        _tokens.Add(token);
        _multipliers.Add(multiplier);
    }

    /// <summary>Adds vectors of an embedding to the current chunk.</summary>
    public void Add(TextualInversion embedding, int first, int count, double multiplier)
    {
        _embeddings.Add(new ChunkEmbedding(_tokens.Count, embedding, first, count));
        for (int i = 0; i < count; i++) Add(0, multiplier);
    }

    /// <summary>Pads the current chunk, completes it and starts the next.</summary>
    public void Close()
    {
        int filling = PromptChunker.ChunkLength - _tokens.Count;
        // If the model's pad token differs from its end token, the first token after the text is still the end.
        int[] end = filling == 0 ? [tokenizer.EndId] : [tokenizer.EndId, .. Enumerable.Repeat(tokenizer.PadId, filling)];
        _chunks.Add(new PromptChunk(
            [tokenizer.BeginId, .. _tokens, .. end],
            [1, .. _multipliers, .. Enumerable.Repeat(1.0, filling + 1)],
            [.. _embeddings]));
        _tokens = [];
        _multipliers = [];
        _embeddings.Clear();
    }

    /// <summary>
    /// Completes the current chunk before a position and moves the rest to the next. Embeddings do not move with their positions, a bug of A1111:
    /// their vectors are in the padding of the completed chunk, and their positions in the next one hold token 0.
    /// </summary>
    public void CloseBefore(int place)
    {
        List<int> tokens = _tokens[place..];
        List<double> multipliers = _multipliers[place..];
        _tokens.RemoveRange(place, tokens.Count);
        _multipliers.RemoveRange(place, multipliers.Count);
        Close();
        _tokens = tokens;
        _multipliers = multipliers;
    }
}

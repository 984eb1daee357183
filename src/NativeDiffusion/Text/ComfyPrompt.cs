namespace NativeDiffusion.Text;

/// <summary>
/// ComfyUI's prompt syntax: <c>(text)</c> times 1.1, <c>(text:1.3)</c> weighs exactly 1.3 (an inner weight replaces the outer one), no square brackets;
/// words are split at blanks and tokenised one by one; a word of fewer than eight tokens is not split between chunks; <c>embedding:name</c> is an embedding.
/// Written from its source and not compared with ComfyUI itself.
/// </summary>
internal sealed class ComfyPrompt(ClipTokenizer tokenizer, IReadOnlyList<TextualInversion> embeddings)
{
    private const string EmbeddingMark = "embedding:";
    private const int LongWord = 8;

    /// <summary>Splits a prompt into weighted chunks.</summary>
    public PromptChunks Chunk(string prompt)
    {
        var builder = new ChunkBuilder(tokenizer);
        int count = 0;
        foreach (PromptPart part in ComfyWeights.Parse(prompt))
        {
            foreach (string word in part.Text.Replace('\n', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string rest = word;
                if (word.StartsWith(EmbeddingMark, StringComparison.Ordinal))
                {
                    // An unknown name is dropped, as in ComfyUI.
                    if (Find(word[EmbeddingMark.Length..], out rest) is { } embedding)
                        count += Add(builder, embedding.Count, (first, length) => builder.Add(embedding, first, length, part.Weight));
                    if (rest.Length == 0) continue;
                }
                int[] ids = tokenizer.TryGetId(rest + ClipVocabulary.EndOfWord, out int id) ? [id] : tokenizer.Encode(rest);
                count += Add(builder, ids.Length, (first, length) =>
                {
                    foreach (int token in ids.AsSpan(first, length)) builder.Add(token, part.Weight);
                });
            }
        }
        builder.Close();
        return new PromptChunks(builder.Chunks, count);
    }

    /// <summary>Adds a group of tokens; a long one is split at the chunk's end, a short one moves to the next.</summary>
    private static int Add(ChunkBuilder builder, int count, Action<int, int> add)
    {
        bool isLong = count >= LongWord;
        for (int first = 0; first < count;)
        {
            int left = count - first;
            int space = PromptChunker.ChunkLength - builder.Length;
            if (left <= space)
            {
                add(first, left);
                break;
            }
            if (isLong && space > 0)
            {
                add(first, space);
                first += space;
            }
            builder.Close();
        }
        return count;
    }

    /// <summary>An embedding by name, with or without a file extension; commas around the name remain.</summary>
    private TextualInversion? Find(string name, out string rest)
    {
        rest = string.Empty;
        if (ByName(name) is { } exact) return exact;
        string stripped = name.Trim(',');
        if (stripped.Length == name.Length) return null;
        rest = name[stripped.Length..];
        return ByName(stripped);
    }

    private TextualInversion? ByName(string name)
    {
        string ending = Path.GetExtension(name);
        string stem = ending is ".safetensors" or ".pt" or ".bin" ? name[..^ending.Length] : name;
        return embeddings.FirstOrDefault(embedding => embedding.Name == name) ?? embeddings.FirstOrDefault(embedding => embedding.Name == stem);
    }
}

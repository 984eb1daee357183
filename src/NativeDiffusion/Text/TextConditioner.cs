using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>
/// Converts prompts to text states, by the rules of <see cref="TextConditionerOptions.Style"/>. Extra networks must be extracted before
/// (<see cref="PromptParser.CutExtraNetworks"/>). Uses the encoder from the calling thread only and keeps no state between calls.
/// </summary>
public sealed class TextConditioner
{
    private readonly ClipTokenizer _tokenizer;
    private readonly ITextEncoder _encoder;
    private readonly TextConditionerOptions _options;
    private readonly PromptChunker _chunker;

    /// <summary>Creates a conditioner.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="encoder">The model's text encoder.</param>
    /// <param name="options">The rules; A1111's when null.</param>
    /// <exception cref="ArgumentException">An embedding cannot be used with this tokenizer.</exception>
    public TextConditioner(ClipTokenizer tokenizer, ITextEncoder encoder, TextConditionerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(encoder);
        _tokenizer = tokenizer;
        _encoder = encoder;
        _options = options ?? new TextConditionerOptions();
        _chunker = new PromptChunker(tokenizer, _options.Style == PromptStyle.Comfy ? [] : _options.Embeddings, _options.CommaBacktrack);
    }

    /// <summary>The states of a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="steps">The number of model evaluations, for prompt editing.</param>
    /// <param name="hiresSteps">Those of the second pass, for the prompt of that pass.</param>
    /// <param name="cancellationToken">Checked between encoder runs, and inside one if the encoder supports it.</param>
    public PromptConditioning Encode(string prompt, int steps, int? hiresSteps = null, CancellationToken cancellationToken = default) =>
        Encode(prompt, steps, hiresSteps, isNegative: false, cancellationToken);

    /// <summary>The states of a negative prompt: AND is an ordinary word in it.</summary>
    /// <inheritdoc cref="Encode(string, int, int?, CancellationToken)"/>
    public PromptConditioning EncodeNegative(string prompt, int steps, int? hiresSteps = null, CancellationToken cancellationToken = default) =>
        Encode(prompt, steps, hiresSteps, isNegative: true, cancellationToken);

    /// <summary>The states of one text, without AND and edits: weights, BREAK, chunks and embeddings only.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public PromptConditioning EncodeText(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var encoder = new ChunkEncoder(_encoder, _options.SkippedLayers, cancellationToken);
        return _options.Style switch
        {
            PromptStyle.Plain => EncodePlain(text, 1, encoder),
            PromptStyle.Comfy => EncodeComfy(text, 1, encoder),
            _ => Condition([new SubPrompt(text, 1)], part => PromptSchedule.Constant(part, 1), encoder),
        };
    }

    /// <summary>
    /// Pads the shorter of two conditionings with the states of empty chunks, so that the denoiser can evaluate both together. A1111 does so if
    /// its option to pad prompts is on; without it the two are evaluated separately, and the pictures differ slightly.
    /// </summary>
    /// <param name="first">One conditioning.</param>
    /// <param name="second">The other.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public (PromptConditioning First, PromptConditioning Second) Match(
        PromptConditioning first, PromptConditioning second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Tokens == second.Tokens) return (first, second);
        Tensor empty = new ChunkEncoder(_encoder, _options.SkippedLayers, cancellationToken).Encode(_chunker.Empty);
        int tokens = Math.Max(first.Tokens, second.Tokens);
        return (Fill(first, tokens, empty), Fill(second, tokens, empty));
    }

    private PromptConditioning Encode(string prompt, int steps, int? hiresSteps, bool isNegative, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        int skip = isNegative && _options.Style == PromptStyle.Plain ? 0 : _options.SkippedLayers;
        var encoder = new ChunkEncoder(_encoder, skip, cancellationToken);
        return _options.Style switch
        {
            PromptStyle.Plain => EncodePlain(prompt, steps, encoder),
            PromptStyle.Comfy => EncodeComfy(prompt, steps, encoder),
            _ => Condition(
                isNegative ? [new SubPrompt(prompt, 1)] : PromptParser.SplitAnd(prompt),
                text => PromptSchedule.Parse(text, steps, hiresSteps, _options.OldEditingTimelines),
                encoder),
        };
    }

    private PromptConditioning Condition(IReadOnlyList<SubPrompt> parts, Func<string, PromptSchedule> parse, ChunkEncoder encoder)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        var known = new Dictionary<string, IReadOnlyList<ScheduledStates>>(StringComparer.Ordinal);
        int tokenCount = 0;
        foreach (SubPrompt part in parts)
        {
            if (known.ContainsKey(part.Text)) continue;
            known.Add(part.Text, EncodeSchedule(parse(part.Text), encoder, used, ref tokenCount));
        }
        return new PromptConditioning([.. parts.Select(part => new SubPromptConditioning(part.Weight, known[part.Text]))])
        {
            TokenCount = tokenCount,
            UsedEmbeddings = [.. used],
        };
    }

    /// <summary>The texts of one schedule are one batch, as in A1111: shorter ones get empty chunks, and the mean of emphasis is over all.</summary>
    private List<ScheduledStates> EncodeSchedule(PromptSchedule schedule, ChunkEncoder encoder, SortedSet<string> used, ref int tokenCount)
    {
        string[] texts = [.. schedule.Entries.Select(entry => entry.Text).Distinct(StringComparer.Ordinal)];
        int[] batch = [.. schedule.Entries.Select(entry => Array.IndexOf(texts, entry.Text))];
        var chunks = new IReadOnlyList<PromptChunk>[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            PromptChunks made = _chunker.Chunk(texts[i], _options.Emphasis);
            chunks[i] = made.Chunks;
            tokenCount = Math.Max(tokenCount, made.TokenCount);
            used.UnionWith(made.Chunks.SelectMany(chunk => chunk.Embeddings).Select(place => place.Embedding.Name));
        }

        List<Tensor>[] states = [.. texts.Select(_ => new List<Tensor>())];
        for (int chunk = 0; chunk < chunks.Max(list => list.Count); chunk++)
        {
            var rows = new List<(Tensor States, IReadOnlyList<double> Multipliers)>(texts.Length);
            for (int i = 0; i < texts.Length; i++)
            {
                PromptChunk row = chunk < chunks[i].Count ? chunks[i][chunk] : _chunker.Empty;
                rows.Add((encoder.Encode(row), row.Multipliers));
                states[i].Add(rows[i].States);
            }
            if (_options.Emphasis is EmphasisMode.Original or EmphasisMode.NoNorm)
                Emphasis.Multiply(rows, batch, _options.Emphasis == EmphasisMode.Original);
        }
        Tensor[] joined = [.. states.Select(TextStates.Join)];
        return [.. schedule.Entries.Select((entry, i) => new ScheduledStates(entry.EndStep, entry.Text, joined[batch[i]]))];
    }

    /// <summary>diffusers: the first 75 tokens; the truncated rest is in the result.</summary>
    private PromptConditioning EncodePlain(string prompt, int steps, ChunkEncoder encoder)
    {
        PlainPrompt plain = PlainPrompt.Read(_tokenizer, _chunker, prompt);
        return new PromptConditioning([new SubPromptConditioning(1, [new ScheduledStates(steps, prompt, encoder.Encode(plain.Chunk))])])
        {
            TokenCount = plain.TokenCount,
            Truncated = plain.Truncated,
            UsedEmbeddings = [.. plain.Chunk.Embeddings.Select(place => place.Embedding.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private PromptConditioning EncodeComfy(string prompt, int steps, ChunkEncoder encoder)
    {
        PromptChunks chunks = new ComfyPrompt(_tokenizer, _options.Embeddings).Chunk(prompt);
        bool weighted = chunks.Chunks.Any(chunk => chunk.Multipliers.Any(multiplier => multiplier != 1));
        Tensor? empty = weighted ? encoder.Encode(_chunker.Empty) : null;
        var states = new List<Tensor>();
        foreach (PromptChunk chunk in chunks.Chunks)
        {
            states.Add(encoder.Encode(chunk));
            if (empty is not null) Emphasis.Interpolate(states[^1], empty, chunk.Multipliers);
        }
        return new PromptConditioning([new SubPromptConditioning(1, [new ScheduledStates(steps, prompt, TextStates.Join(states))])])
        {
            TokenCount = chunks.TokenCount,
            UsedEmbeddings =
                [.. chunks.Chunks
                    .SelectMany(chunk => chunk.Embeddings)
                    .Select(place => place.Embedding.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private static PromptConditioning Fill(PromptConditioning conditioning, int tokens, Tensor empty)
    {
        Tensor Filled(Tensor states) => TextStates.Join([states, .. Enumerable.Repeat(empty, (tokens - states.Shape[1]) / empty.Shape[1])]);
        return new PromptConditioning([.. conditioning.SubPrompts.Select(part => TextStates.Map(part, Filled))])
        {
            TokenCount = conditioning.TokenCount,
            Truncated = conditioning.Truncated,
            UsedEmbeddings = conditioning.UsedEmbeddings,
        };
    }
}

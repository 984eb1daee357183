using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace NativeDiffusion.Text;

/// <summary>
/// CLIP's tokenizer: text to token ids by byte-level byte-pair encoding, equal to transformers' <c>CLIPTokenizer</c> on every machine:
/// it has its own Unicode tables and uses neither culture nor ICU. Thread-safe.
/// </summary>
public sealed class ClipTokenizer
{
    /// <summary>The context length of CLIP's text encoder in tokens, begin and end included: 77.</summary>
    public const int MaxLength = 77;

    private const int CachedWords = 16384;
    private const int LongestCachedWord = 64;

    private readonly ClipVocabulary _vocabulary;
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly (string Text, int Id)[] _specials;
    private int _cachedWords;

    private ClipTokenizer(ClipVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        vocabulary.TryGetToken(vocabulary.BeginId, out string? begin);
        vocabulary.TryGetToken(vocabulary.EndId, out string? end);
        _specials = [(begin!, vocabulary.BeginId), (end!, vocabulary.EndId)];
    }

    /// <summary>The begin token's id, <c>&lt;|startoftext|&gt;</c>: 49406 in CLIP's own vocabulary.</summary>
    public int BeginId => _vocabulary.BeginId;

    /// <summary>The end token's id, <c>&lt;|endoftext|&gt;</c>: 49407 in CLIP's own vocabulary.</summary>
    public int EndId => _vocabulary.EndId;

    /// <summary>The pad token's id; SD1.5 uses <see cref="EndId"/>.</summary>
    public int PadId => _vocabulary.PadId;

    /// <summary>The number of tokens.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>Creates a tokenizer with CLIP's own vocabulary (49,408 tokens), embedded in the library: for single-file checkpoints without one.</summary>
    public static ClipTokenizer CreateDefault() => new(ClipVocabulary.ReadEmbedded());

    /// <summary>Reads a model's <c>tokenizer</c> folder: <c>vocab.json</c> and <c>merges.txt</c>, or <c>tokenizer.json</c> alone.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">A file is missing or invalid.</exception>
    public static ClipTokenizer Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new ClipTokenizer(ClipVocabularyFiles.Read(folder));
    }

    /// <summary>The ids of a text of any length, without begin and end. <c>&lt;|startoftext|&gt;</c> and <c>&lt;|endoftext|&gt;</c> in the text are
    /// special tokens.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            int at = FindSpecial(rest, out (string Text, int Id) special);
            EncodePlain(at < 0 ? rest : rest[..at], ids);
            if (at < 0) return [.. ids];
            ids.Add(special.Id);
            rest = rest[(at + special.Text.Length)..];
        }
    }

    /// <summary>The ids of a text as model input: begin, at most 75 ids, end, padded to <see cref="MaxLength"/>.</summary>
    /// <param name="text">Any text; longer ones are truncated.</param>
    public int[] EncodePadded(string text)
    {
        int[] ids = Encode(text);
        int count = Math.Min(ids.Length, MaxLength - 2);
        var padded = new int[MaxLength];
        padded.AsSpan().Fill(PadId);
        padded[0] = BeginId;
        ids.AsSpan(0, count).CopyTo(padded.AsSpan(1));
        padded[count + 1] = EndId;
        return padded;
    }

    /// <summary>The number of tokens of a text, without begin and end.</summary>
    /// <param name="text">Any text.</param>
    public int Count(string text) => Encode(text).Length;

    /// <summary>The text of ids: normalised, lower-case, one blank after each word; the original text is not recovered.</summary>
    /// <param name="ids">Ids of this vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (!_vocabulary.TryGetToken(id, out string? token))
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"The vocabulary of {VocabularySize} tokens has none with the id {id}.");
            if (id == BeginId || id == EndId)
            {
                bytes.Write(Encoding.UTF8.GetBytes(token));
                continue;
            }
            bool endsWord = token.EndsWith(ClipVocabulary.EndOfWord, StringComparison.Ordinal);
            foreach (char letter in endsWord ? token.AsSpan(0, token.Length - ClipVocabulary.EndOfWord.Length) : token)
            {
                int value = ByteLetters.ByteOf(letter);
                if (value >= 0) bytes.Write([(byte)value]);
            }
            if (endsWord) bytes.Write(" "u8);
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan).TrimEnd(' ');
    }

    /// <summary>Finds the id of a token in the vocabulary's spelling: <c>",&lt;/w&gt;"</c> is a comma that ends a word.</summary>
    /// <param name="token">The token in the vocabulary's letters.</param>
    /// <param name="id">Its id.</param>
    /// <returns>Whether the vocabulary has it.</returns>
    public bool TryGetId(string token, out int id) => _vocabulary.TryGetId(token, out id);

    private int FindSpecial(ReadOnlySpan<char> text, out (string Text, int Id) found)
    {
        for (int at = text.IndexOf('<'); at >= 0;)
        {
            foreach ((string Text, int Id) special in _specials)
            {
                if (!text[at..].StartsWith(special.Text, StringComparison.Ordinal)) continue;
                found = special;
                return at;
            }
            int step = text[(at + 1)..].IndexOf('<');
            at = step < 0 ? -1 : at + 1 + step;
        }
        found = default;
        return -1;
    }

    private void EncodePlain(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty) return;
        List<int> codes = ClipTextNormalizer.Normalize(text);
        var word = new StringBuilder();
        foreach (Range range in ClipWordSplitter.Split(codes))
        {
            word.Clear();
            for (int i = range.Start.Value; i < range.End.Value; i++)
                word.Append(new Rune(codes[i]).ToString());
            ids.AddRange(EncodeWord(word.ToString()));
        }
    }

    private int[] EncodeWord(string word)
    {
        if (_words.TryGetValue(word, out int[]? known)) return known;
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        var symbols = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            symbols[i] = (i + 1 < bytes.Length ? _vocabulary.InnerBytes : _vocabulary.LastBytes)[bytes[i]];
        int[] merged = _vocabulary.Merges.Merge(symbols);
        if (word.Length <= LongestCachedWord && Volatile.Read(ref _cachedWords) < CachedWords && _words.TryAdd(word, merged))
            Interlocked.Increment(ref _cachedWords);
        return merged;
    }
}

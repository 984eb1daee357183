using System.IO.Compression;

namespace NativeDiffusion.Text;

/// <summary>The tokens of a CLIP text encoder and their merges.</summary>
internal sealed class ClipVocabulary
{
    /// <summary>The suffix of a token at the end of a word.</summary>
    public const string EndOfWord = "</w>";

    private const string StartOfText = "<|startoftext|>";
    private const string EndOfText = "<|endoftext|>";

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;

    /// <summary>Creates a vocabulary.</summary>
    /// <param name="ids">Token to id.</param>
    /// <param name="merges">Pairs of tokens in the order in which they were learned.</param>
    /// <param name="padToken">The pad token, or null for the end token.</param>
    /// <param name="source">The file or folder, for messages.</param>
    /// <exception cref="CheckpointException">A merge or a special token is not in the vocabulary.</exception>
    public ClipVocabulary(Dictionary<string, int> ids, IReadOnlyCollection<(string Left, string Right)> merges, string? padToken, string source)
    {
        _ids = ids;
        _tokens = new Dictionary<int, string>(ids.Count);
        foreach ((string token, int id) in ids)
        {
            if (!_tokens.TryAdd(id, token))
                throw new CheckpointException(
                    $"{source}: the tokens \"{_tokens[id]}\" and \"{token}\" both have the id {id}; each token needs an id of its own.", source, token);
        }

        BeginId = Require(StartOfText, source);
        EndId = Require(EndOfText, source);
        PadId = padToken is null ? EndId : Require(padToken, source);
        Merges = new BytePairMerges(merges.Count);
        foreach ((string left, string right) in merges)
            Merges.Add(Require(left, source), Require(right, source), Require(left + right, source));

        for (int value = 0; value < 256; value++)
        {
            string letter = ByteLetters.LetterOf((byte)value).ToString();
            InnerBytes[value] = _ids.GetValueOrDefault(letter, EndId);
            LastBytes[value] = _ids.GetValueOrDefault(letter + EndOfWord, EndId);
        }
    }

    /// <summary>The begin token's id.</summary>
    public int BeginId { get; }

    /// <summary>The end token's id, also used for bytes without a token.</summary>
    public int EndId { get; }

    /// <summary>The pad token's id.</summary>
    public int PadId { get; }

    /// <summary>The number of tokens.</summary>
    public int Count => _ids.Count;

    /// <summary>The merges.</summary>
    public BytePairMerges Merges { get; }

    /// <summary>The ids of the 256 bytes inside a word.</summary>
    public int[] InnerBytes { get; } = new int[256];

    /// <summary>The ids of the 256 bytes at the end of a word.</summary>
    public int[] LastBytes { get; } = new int[256];

    /// <summary>Finds a token's id.</summary>
    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>Finds an id's token.</summary>
    public bool TryGetToken(int id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? token) => _tokens.TryGetValue(id, out token);

    /// <summary>
    /// CLIP's own vocabulary (49,408 tokens) from the merges embedded in this assembly: 256 byte letters, the same with
    /// <c>&lt;/w&gt;</c>, one token per merge, and the two special tokens.
    /// </summary>
    public static ClipVocabulary ReadEmbedded()
    {
        var ids = new Dictionary<string, int>(49408, StringComparer.Ordinal);
        foreach (char letter in ByteLetters.InVocabularyOrder())
            ids.Add(letter.ToString(), ids.Count);
        foreach (char letter in ByteLetters.InVocabularyOrder())
            ids.Add(letter + EndOfWord, ids.Count);
        var merges = new List<(string Left, string Right)>(48894);
        using var stream = new BrotliStream(TextResources.Open("clip-merges.br"), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            merges.Add((line[..blank], line[(blank + 1)..]));
            ids.Add(string.Concat(line.AsSpan(0, blank), line.AsSpan(blank + 1)), ids.Count);
        }
        ids.Add(StartOfText, ids.Count);
        ids.Add(EndOfText, ids.Count);
        return new ClipVocabulary(ids, merges, null, "the embedded CLIP vocabulary");
    }

    private int Require(string token, string source) => _ids.TryGetValue(token, out int id)
        ? id
        : throw new CheckpointException(
            $"{source}: the token \"{token}\" occurs in the merges or the settings but is not in the vocabulary; vocab.json and merges.txt must come from "
                + $"the same model.", source, token);
}

using System.Text.Json;

namespace NativeDiffusion.Text;

/// <summary>Reads a model's <c>tokenizer</c> folder: <c>vocab.json</c> with <c>merges.txt</c>, or <c>tokenizer.json</c> alone.</summary>
internal static class ClipVocabularyFiles
{
    private const long MaxFileSize = 64L << 20;

    /// <summary>Reads the vocabulary of a folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or invalid.</exception>
    public static ClipVocabulary Read(string folder)
    {
        string vocab = Path.Combine(folder, "vocab.json");
        string merges = Path.Combine(folder, "merges.txt");
        string joint = Path.Combine(folder, "tokenizer.json");
        string? pad = ReadPadToken(folder);
        if (File.Exists(vocab) && File.Exists(merges))
        {
            using JsonDocument document = Parse(vocab);
            return new ClipVocabulary(ReadIds(document.RootElement, vocab), ReadMergeLines(merges), pad, folder);
        }
        if (!File.Exists(joint))
            throw new CheckpointException($"{folder} is not a tokenizer: expected vocab.json and merges.txt, or tokenizer.json.", folder);
        using JsonDocument whole = Parse(joint);
        if (!TryGet(whole.RootElement, "model", JsonValueKind.Object, out JsonElement model)
            || !TryGet(model, "vocab", JsonValueKind.Object, out JsonElement ids)
            || !TryGet(model, "merges", JsonValueKind.Array, out JsonElement pairs))
            throw new CheckpointException(
                $"{joint}: expected a byte-pair model with \"vocab\" and \"merges\"; use the tokenizer of an SD1.5 model.", joint, "model");
        return new ClipVocabulary(ReadIds(ids, joint), ReadMergeArray(pairs, joint), pad, folder);
    }

    private static Dictionary<string, int> ReadIds(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{file}: expected an object of tokens and their ids, found {root.ValueKind}.", file);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty entry in root.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0)
                throw new CheckpointException(
                    $"{file}: the id of the token \"{entry.Name}\" must be a whole number of at least 0, found {Short(entry.Value)}.", file, entry.Name);
            ids[entry.Name] = id;
        }
        return ids;
    }

    private static List<(string Left, string Right)> ReadMergeLines(string file)
    {
        CheckSize(file);
        var merges = new List<(string Left, string Right)>();
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal)) continue;
            merges.Add(SplitPair(line, file, $"line {number}"));
        }
        return merges;
    }

    private static List<(string Left, string Right)> ReadMergeArray(JsonElement array, string file)
    {
        var merges = new List<(string Left, string Right)>();
        foreach (JsonElement entry in array.EnumerateArray())
        {
            string key = $"merges[{merges.Count}]";
            if (entry.ValueKind == JsonValueKind.String)
                merges.Add(SplitPair(entry.GetString()!, file, key));
            else if (entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2
                     && entry[0].ValueKind == JsonValueKind.String && entry[1].ValueKind == JsonValueKind.String)
                merges.Add((entry[0].GetString()!, entry[1].GetString()!));
            else
                throw new CheckpointException($"{file}: {key} must be two tokens, found {Short(entry)}.", file, key);
        }
        return merges;
    }

    private static (string Left, string Right) SplitPair(string pair, string file, string key)
    {
        int blank = pair.IndexOf(' ', StringComparison.Ordinal);
        if (blank <= 0 || blank == pair.Length - 1 || pair.IndexOf(' ', blank + 1) >= 0)
            throw new CheckpointException($"{file}: {key} must be two tokens with one blank between them.", file, key);
        return (pair[..blank], pair[(blank + 1)..]);
    }

    private static string? ReadPadToken(string folder)
    {
        foreach (string name in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file)) continue;
            using JsonDocument document = Parse(file);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("pad_token", out JsonElement pad)) continue;
            if (pad.ValueKind == JsonValueKind.Object && !pad.TryGetProperty("content", out pad)) continue;
            if (pad.ValueKind == JsonValueKind.String) return pad.GetString();
        }
        return null;
    }

    private static JsonDocument Parse(string file)
    {
        CheckSize(file);
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException exception)
        {
            throw new CheckpointException($"{file} is not valid JSON: {exception.Message}", file, null, exception);
        }
    }

    private static void CheckSize(string file)
    {
        long size = new FileInfo(file).Length;
        if (size > MaxFileSize)
            throw new CheckpointException($"{file} has {size} bytes; a tokenizer's file has at most {MaxFileSize}.", file);
    }

    private static bool TryGet(JsonElement parent, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private static string Short(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}

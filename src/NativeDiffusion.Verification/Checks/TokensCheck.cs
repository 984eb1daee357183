using System.Text.Json;
using NativeDiffusion.Text;

namespace NativeDiffusion.Verification;

/// <summary>
/// <c>tokens-NAME.json</c>: texts and their ids, without and with padding to 77. NAME <c>clip</c> is the embedded vocabulary, another the tokenizer
/// of the model whose folder begins with it.
/// </summary>
internal sealed class TokensCheck : IGoldenCheck
{
    private const string Prefix = "tokens-";

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith(Prefix, StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        string vocabulary = stem[Prefix.Length..];
        yield return new VerifyCase($"{stem}/ids", 0, context => Run(path, vocabulary, context, "ids", (tokenizer, text) => tokenizer.Encode(text)));
        yield return new VerifyCase(
            $"{stem}/padded77", 0, context => Run(path, vocabulary, context, "padded77", (tokenizer, text) => tokenizer.EncodePadded(text)));
    }

    private static VerifyResult Run(string path, string vocabulary, VerifyContext context, string field, Func<ClipTokenizer, string, int[]> encode)
    {
        if (OpenTokenizer(vocabulary, context) is not { } tokenizer)
            return VerifyResult.Skip($"no model whose name begins with {vocabulary} and that has a tokenizer was found; give --models");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        int count = 0;
        int misses = 0;
        string? worst = null;
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            string text = entry.GetProperty("text").GetString()!;
            int[] expected = [.. entry.GetProperty(field).EnumerateArray().Select(id => id.GetInt32())];
            if (!encode(tokenizer, text).AsSpan().SequenceEqual(expected))
            {
                misses++;
                worst ??= $"text {count} differs: {JsonEncodedText.Encode(text)}";
            }
            count++;
        }
        return VerifyResult.Judge(misses, 0, worst ?? $"{count} texts");
    }

    private static ClipTokenizer? OpenTokenizer(string vocabulary, VerifyContext context)
    {
        if (vocabulary == "clip") return ClipTokenizer.CreateDefault();
        if (context.ModelsFolder is null) return null;
        string? folder = Directory.EnumerateDirectories(context.ModelsFolder, vocabulary + "*")
            .Order(StringComparer.Ordinal)
            .Select(model => Path.Combine(model, "tokenizer"))
            .FirstOrDefault(Directory.Exists);
        return folder is null ? null : ClipTokenizer.Open(folder);
    }
}

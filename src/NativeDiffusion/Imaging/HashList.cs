namespace NativeDiffusion.Imaging;

/// <summary>A1111's lists of hashes: <c>name: hash, name2: hash2</c>. Colons and commas are removed from names.</summary>
internal static class HashList
{
    /// <summary>Parses a list; invalid pairs are skipped.</summary>
    /// <param name="text">The unquoted value of "Lora hashes" or "TI hashes"; null for none.</param>
    public static IReadOnlyDictionary<string, string> Parse(string? text)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in (text ?? "").Split(','))
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) hashes[pair[..colon].Trim()] = pair[(colon + 1)..].Trim();
        }

        return hashes;
    }

    /// <summary>Writes a list.</summary>
    /// <param name="hashes">Names and hashes, in order.</param>
    public static string Format(IEnumerable<KeyValuePair<string, string>> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        return string.Join(", ", hashes.Select(pair => $"{Plain(pair.Key)}: {pair.Value}"));
    }

    private static string Plain(string name) => name.Replace(":", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
}

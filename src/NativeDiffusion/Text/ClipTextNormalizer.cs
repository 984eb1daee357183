namespace NativeDiffusion.Text;

/// <summary>
/// The text normalisation of CLIP's tokenizer: code points (a lone surrogate counts as U+FFFD), Normalisation Form C,
/// runs of white space to one blank, full lower case of each code point separately. Independent of culture.
/// </summary>
internal static class ClipTextNormalizer
{
    private const int CapitalIWithDot = 0x130;
    private const int CombiningDotAbove = 0x307;

    /// <summary>The normalised code points of a piece of text.</summary>
    public static List<int> Normalize(ReadOnlySpan<char> text)
    {
        var codes = new List<int>(text.Length);
        foreach (System.Text.Rune rune in text.EnumerateRunes())
            codes.Add(rune.Value);
        CanonicalComposition.Apply(codes);

        UnicodeTables tables = UnicodeTables.Instance;
        var output = new List<int>(codes.Count);
        foreach (int code in codes)
        {
            if (UnicodeTables.IsWhiteSpace(code))
            {
                if (output.Count == 0 || output[^1] != ' ') output.Add(' ');
                continue;
            }
            output.Add(tables.ToLower(code));
            if (code == CapitalIWithDot) output.Add(CombiningDotAbove);
        }
        return output;
    }
}

using System.Runtime.InteropServices;

namespace NativeDiffusion.Text;

/// <summary>
/// Splits normalised text into CLIP's words. First
/// <c>&lt;\|startoftext\|&gt;|&lt;\|endoftext\|&gt;|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+</c>, leftmost, first alternative; then GPT-2's
/// pattern over each piece, which changes nothing but a special token written in capitals: it is lower-case by now and is split into three words.
/// </summary>
internal static class ClipWordSplitter
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
    private static readonly string[] s_specials = ["startoftext", "endoftext"];

    /// <summary>The words, as ranges of <paramref name="text"/>.</summary>
    public static List<Range> Split(List<int> text)
    {
        UnicodeTables tables = UnicodeTables.Instance;
        ReadOnlySpan<int> codes = CollectionsMarshal.AsSpan(text);
        var words = new List<Range>();
        int at = 0;
        while (at < codes.Length)
        {
            int code = codes[at];
            int end = at + 1;
            if (UnicodeTables.IsWhiteSpace(code))
            {
                at = end;
                continue;
            }
            if (code == '<' && SpecialAt(codes, at) is var name and not 0)
            {
                words.Add(at..(at + 2));
                words.Add((at + 2)..(at + 2 + name));
                words.Add((at + 2 + name)..(at + 4 + name));
                at += 4 + name;
                continue;
            }
            if (code == '\'' && ContractionAt(codes, at) is var length and not 0)
            {
                end = at + length;
            }
            else if (tables.IsLetter(code))
            {
                while (end < codes.Length && tables.IsLetter(codes[end])) end++;
            }
            else if (!tables.IsNumber(code))
            {
                while (end < codes.Length && IsOther(tables, codes[end])) end++;
            }
            words.Add(at..end);
            at = end;
        }
        return words;
    }

    private static bool IsOther(UnicodeTables tables, int code) =>
        !UnicodeTables.IsWhiteSpace(code) && !tables.IsLetter(code) && !tables.IsNumber(code);

    private static int ContractionAt(ReadOnlySpan<int> codes, int at)
    {
        foreach (string contraction in s_contractions)
        {
            if (Matches(codes, at, contraction)) return contraction.Length;
        }
        return 0;
    }

    /// <summary>The length of the name in a special token's text at this position, or 0.</summary>
    private static int SpecialAt(ReadOnlySpan<int> codes, int at)
    {
        foreach (string name in s_specials)
        {
            if (Matches(codes, at, "<|") && Matches(codes, at + 2, name) && Matches(codes, at + 2 + name.Length, "|>")) return name.Length;
        }
        return 0;
    }

    private static bool Matches(ReadOnlySpan<int> codes, int at, string text)
    {
        if (codes.Length - at < text.Length) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (codes[at + i] != text[i]) return false;
        }
        return true;
    }
}

using System.Globalization;
using System.Text;

namespace NativeDiffusion.Text;

/// <summary>ComfyUI's weights. Written from its source and not compared with ComfyUI itself.</summary>
internal static class ComfyWeights
{
    // ComfyUI's escapes: they cannot be confused with a bracket of the grammar.
    private const string EscapedClose = "\0\u0001";
    private const string EscapedOpen = "\0\u0002";

    // Deeper brackets are text; ComfyUI overflows its stack there.
    private const int MaxDepth = 64;

    /// <summary>The parts of a prompt and their weights.</summary>
    public static List<PromptPart> Parse(string prompt)
    {
        var parts = new List<PromptPart>();
        string escaped = prompt.Replace("\\)", EscapedClose, StringComparison.Ordinal).Replace("\\(", EscapedOpen, StringComparison.Ordinal);
        Weigh(escaped, 1, 0, parts);
        return parts;
    }

    private static void Weigh(string text, double outer, int depth, List<PromptPart> parts)
    {
        foreach (string piece in SplitBrackets(text))
        {
            if (depth >= MaxDepth || piece.Length < 2 || piece[0] != '(' || piece[^1] != ')')
            {
                parts.Add(
                    new PromptPart(piece.Replace(EscapedClose, ")", StringComparison.Ordinal).Replace(EscapedOpen, "(", StringComparison.Ordinal), outer));
                continue;
            }
            string inner = piece[1..^1];
            double weight = outer * 1.1;
            int colon = inner.LastIndexOf(':');
            if (colon > 0 && double.TryParse(inner.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double written)
                && double.IsFinite(written))
            {
                weight = written;
                inner = inner[..colon];
            }
            Weigh(inner, weight, depth + 1, parts);
        }
    }

    /// <summary>Splits at the outermost round brackets; an unmatched closing one makes the next opening one text.</summary>
    private static List<string> SplitBrackets(string text)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        int depth = 0;
        void Cut()
        {
            if (piece.Length > 0) pieces.Add(piece.ToString());
            piece.Clear();
        }

        foreach (char value in text)
        {
            if (value == '(' && depth++ == 0) Cut();
            piece.Append(value);
            if (value == ')' && --depth == 0) Cut();
        }
        Cut();
        return pieces;
    }
}

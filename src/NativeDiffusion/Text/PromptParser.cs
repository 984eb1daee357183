using System.Text.RegularExpressions;

namespace NativeDiffusion.Text;

/// <summary>
/// A1111's prompt grammar, in the order of processing: extra networks are extracted, AND splits, editing and alternation
/// give a schedule of texts (<see cref="PromptSchedule"/>), and attention weighs the words of each. No method throws on any text.
/// </summary>
public static partial class PromptParser
{
    /// <summary>
    /// Weighs words: <c>(text)</c> times 1.1, <c>[text]</c> divided by 1.1, <c>(text:1.3)</c> times 1.3, <c>\(</c> a literal bracket. An unclosed bracket
    /// extends to the end, an unmatched closing one is text. BREAK becomes a separate part.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns><returns>At least one part; neighbours of equal weight are merged.</returns></returns>
    public static IReadOnlyList<PromptPart> ParseAttention(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return AttentionParser.Parse(prompt);
    }

    /// <summary>Splits at the word AND; each piece may end in a weight: <c>a cat :1.2 AND a dog :-0.5</c>.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns><returns>At least one sub-prompt. White space before a text is kept, after it is removed.</returns></returns>
    public static IReadOnlyList<SubPrompt> SplitAnd(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var result = new List<SubPrompt>();
        int start = 0;
        for (int at = prompt.IndexOf("AND", StringComparison.Ordinal); at >= 0; at = prompt.IndexOf("AND", at, StringComparison.Ordinal))
        {
            int end = at + 3;
            bool inWord = (at > 0 && PythonCharacters.IsWordBefore(prompt, at)) || (end < prompt.Length && PythonCharacters.IsWordAt(prompt, end));
            if (!inWord)
            {
                result.Add(CutWeight(prompt[start..at]));
                start = end;
            }
            at = end;
        }
        result.Add(CutWeight(prompt[start..]));
        return result;
    }

    /// <summary>Extracts every <c>&lt;kind:argument:…&gt;</c> from a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns><returns>The prompt without them, and the networks in order.</returns></returns>
    public static PromptWithNetworks CutExtraNetworks(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var networks = new List<ExtraNetwork>();
        var rest = new System.Text.StringBuilder();
        int copied = 0;
        int close = -1;
        for (int at = prompt.IndexOf('<', StringComparison.Ordinal); at >= 0 && at < prompt.Length; at = prompt.IndexOf('<', at))
        {
            int colon = at + 1;
            while (colon < prompt.Length && PythonCharacters.IsWordAt(prompt, colon))
                colon += char.IsHighSurrogate(prompt[colon]) ? 2 : 1;
            int open = at;
            at = colon;
            if (colon == open + 1 || colon + 1 >= prompt.Length || prompt[colon] != ':' || prompt[colon + 1] == '>') continue;
            if (close <= colon) close = prompt.IndexOf('>', colon + 1);
            if (close < 0) break;
            networks.Add(new ExtraNetwork(prompt[(open + 1)..colon], prompt[(colon + 1)..close].Split(':')));
            rest.Append(prompt, copied, open - copied);
            copied = at = close + 1;
        }
        rest.Append(prompt, copied, prompt.Length - copied);
        return new PromptWithNetworks(rest.ToString(), networks);
    }

    /// <summary>Removes comments: from <c>#</c> to the end of the line. A1111 does so before anything else, unless the option is off.</summary>
    /// <param name="prompt">The prompt.</param>
    public static string StripComments(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Comment().Replace(WholeLineComment().Replace(prompt, "\n"), "\n");
    }

    [GeneratedRegex("(^|\n)#[^\n]*(\n|$)", RegexOptions.CultureInvariant)]
    private static partial Regex WholeLineComment();

    [GeneratedRegex("#[^\n]*(\n|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    /// <summary>Matches <c>\s*:\s*([-+]?(\d+\.?|\d*\.\d+))\s*</c> at the end.</summary>
    private static SubPrompt CutWeight(string text)
    {
        int end = TrimEnd(text, text.Length);
        int at = end;
        int digits = 0;
        int points = 0;
        var number = new Stack<char>();
        while (at > 0)
        {
            int digit = PythonCharacters.DigitBefore(text, at, out int length);
            if (digit < 0 && text[at - 1] != '.') break;
            if (digit < 0) points++;
            else digits++;
            number.Push(digit < 0 ? '.' : (char)('0' + digit));
            at -= length;
        }
        if (digits > 0 && points <= 1)
        {
            if (at > 0 && text[at - 1] is '+' or '-') number.Push(text[--at]);
            at = TrimEnd(text, at);
            if (at > 0 && text[at - 1] == ':' && PythonCharacters.TryParse(number.ToArray(), out double weight))
                return new SubPrompt(text[..TrimEnd(text, at - 1)], weight);
        }
        return new SubPrompt(text[..end], 1);
    }

    private static int TrimEnd(string text, int end)
    {
        while (end > 0 && PythonCharacters.IsSpace(text[end - 1])) end--;
        return end;
    }
}

using System.Buffers;
using System.Text;

namespace NativeDiffusion.Text;

/// <summary>
/// A1111's attention grammar: <c>(text)</c> times 1.1, <c>[text]</c> by 1.1, <c>(text:number)</c> times the number, backslash escapes, BREAK.
/// Round and square brackets are counted separately and may overlap; unclosed ones extend to the end.
/// </summary>
internal sealed class AttentionParser
{
    /// <summary>The maximum number of open brackets; further ones are plain text. It bounds the work for a hostile prompt.</summary>
    public const int MaxOpenBrackets = 512;

    private const double RoundWeight = 1.1;
    private const double SquareWeight = 1 / 1.1;

    private static readonly SearchValues<char> s_signs = SearchValues.Create("\\()[]:");

    private readonly string _prompt;
    private readonly List<string> _texts = [];
    private readonly List<double> _weights = [];
    private readonly Stack<int> _round = new();
    private readonly Stack<int> _square = new();

    private AttentionParser(string prompt) => _prompt = prompt;

    /// <summary>Parses a prompt; never fails.</summary>
    public static List<PromptPart> Parse(string prompt)
    {
        var parser = new AttentionParser(prompt);
        for (int at = 0; at < prompt.Length;)
            at = parser.Step(at);
        foreach (int start in parser._round.Reverse())
            parser.Multiply(start, RoundWeight);
        foreach (int start in parser._square.Reverse())
            parser.Multiply(start, SquareWeight);
        return parser.Join();
    }

    /// <summary>Reads one token and returns where the next one starts.</summary>
    private int Step(int at)
    {
        char first = _prompt[at];
        bool canOpen = _round.Count + _square.Count < MaxOpenBrackets;
        switch (first)
        {
            case '\\':
                bool escapes = at + 1 < _prompt.Length && _prompt[at + 1] is '(' or ')' or '[' or ']' or '\\';
                Add(escapes ? _prompt[at + 1].ToString() : string.Empty, 1);
                return at + (escapes ? 2 : 1);
            case '(' when canOpen:
                _round.Push(_texts.Count);
                return at + 1;
            case '[' when canOpen:
                _square.Push(_texts.Count);
                return at + 1;
            case ':' when _round.Count > 0 && TryWeight(at, out double weight, out int end):
                Multiply(_round.Pop(), weight);
                return end;
            case ')' when _round.Count > 0:
                Multiply(_round.Pop(), RoundWeight);
                return at + 1;
            case ']' when _square.Count > 0:
                Multiply(_square.Pop(), SquareWeight);
                return at + 1;
            case '(' or '[' or ':' or ')' or ']':
                Add(first.ToString(), 1);
                return at + 1;
            default:
                int stop = _prompt.AsSpan(at).IndexOfAny(s_signs);
                int next = stop < 0 ? _prompt.Length : at + stop;
                AddWords(_prompt[at..next]);
                return next;
        }
    }

    /// <summary>Matches <c>:\s*([+-]?[.\d]+)\s*\)</c>; an invalid number ("1.2.3") does not match.</summary>
    private bool TryWeight(int at, out double weight, out int end)
    {
        weight = 0;
        end = SkipSpaces(at + 1);
        var number = new StringBuilder();
        if (end < _prompt.Length && _prompt[end] is '+' or '-') number.Append(_prompt[end++]);
        while (end < _prompt.Length)
        {
            int digit = PythonCharacters.DigitAt(_prompt, end, out int length);
            if (digit < 0 && _prompt[end] != '.') break;
            number.Append(digit < 0 ? '.' : (char)('0' + digit));
            end += length;
        }
        end = SkipSpaces(end);
        return end < _prompt.Length && _prompt[end++] == ')' && PythonCharacters.TryParse(number.ToString(), out weight);
    }

    private int SkipSpaces(int at)
    {
        while (at < _prompt.Length && PythonCharacters.IsSpace(_prompt[at])) at++;
        return at;
    }

    /// <summary>Splits at each BREAK that is a word, with the white space around it.</summary>
    private void AddWords(string words)
    {
        int start = 0;
        for (int at = words.IndexOf("BREAK", StringComparison.Ordinal); at >= 0; at = words.IndexOf("BREAK", at, StringComparison.Ordinal))
        {
            int end = at + 5;
            if ((at > 0 && PythonCharacters.IsWordBefore(words, at)) || (end < words.Length && PythonCharacters.IsWordAt(words, end)))
            {
                at = end;
                continue;
            }
            int before = at;
            while (before > start && PythonCharacters.IsSpace(words[before - 1])) before--;
            while (end < words.Length && PythonCharacters.IsSpace(words[end])) end++;
            Add(words[start..before], 1);
            Add("BREAK", -1);
            start = at = end;
        }
        Add(words[start..], 1);
    }

    private void Add(string text, double weight)
    {
        _texts.Add(text);
        _weights.Add(weight);
    }

    private void Multiply(int start, double weight)
    {
        foreach (ref double value in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_weights)[start..])
            value *= weight;
    }

    /// <summary>Joins neighbours of exactly equal weight.</summary>
    private List<PromptPart> Join()
    {
        if (_texts.Count == 0) return [new PromptPart(string.Empty, 1)];
        var parts = new List<PromptPart>();
        var text = new StringBuilder();
        for (int i = 0; i < _texts.Count; i++)
        {
            text.Append(_texts[i]);
            if (i + 1 < _texts.Count && _weights[i] == _weights[i + 1]) continue;
            parts.Add(new PromptPart(text.ToString(), _weights[i]));
            text.Clear();
        }
        return parts;
    }
}

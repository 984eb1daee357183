namespace NativeDiffusion.Text;

/// <summary>A bracket that is still open, with the parts between its colons and bars so far.</summary>
internal sealed class PromptBracket(int start, char value)
{
    private readonly List<PromptRun> _parts = [default];
    private readonly List<(int At, char Value)> _separators = [];

    /// <summary>Starts the next part.</summary>
    public void Separate(int at, char separator)
    {
        _separators.Add((at, separator));
        _parts.Add(default);
    }

    /// <summary>Adds to the current part.</summary>
    public void Append(PromptRun run)
    {
        PromptRun last = _parts[^1];
        last.Append(run);
        _parts[^1] = last;
    }

    /// <summary>Whether closing here makes plain emphasis, which is text to the schedule.</summary>
    public bool IsEmphasis(char close) => value == '('
        ? close == ')' && _separators.Count <= 1 && _separators.All(separator => separator.Value == ':')
        : close == ']' && _separators.Count == 0;

    /// <summary>The edit or alternation that closing here makes, or null.</summary>
    public PromptNode? TryEdit(string prompt, char close)
    {
        if (value != '[' || close != ']') return null;
        if (_separators.TrueForAll(separator => separator.Value == '|')) return PromptNode.Alternation(_parts);
        if (_separators.Count > 2 || !_separators.TrueForAll(separator => separator.Value == ':')) return null;
        return NumberOf(prompt, _parts[^1]) is not { } when ? null
            : PromptNode.Edit(_separators.Count == 2 ? _parts[0] : default, _parts[^2], when);
    }

    /// <summary>The bracket and its parts as text; false if there is a bar, which the grammar does not allow.</summary>
    public bool TryLoosen(out PromptRun run)
    {
        run = default;
        run.Add(PromptNode.Text(start, 1));
        for (int i = 0; i < _parts.Count; i++)
        {
            run.Append(_parts[i]);
            if (i == _separators.Count) break;
            if (_separators[i].Value == '|') return false;
            run.Add(PromptNode.Text(_separators[i].At, 1));
        }
        return true;
    }

    /// <summary>The one number of a part, with white space around it: <c>[+-]?(digits[.digits] | .digits)(e[+-]digits)?</c>.</summary>
    private static string? NumberOf(string prompt, PromptRun part)
    {
        if (!part.IsSingle || part.First!.Parts is not null) return null;
        ReadOnlySpan<char> text = prompt.AsSpan(part.First.Start, part.First.Length);
        while (text.Length > 0 && PythonCharacters.IsSpace(text[0])) text = text[1..];
        while (text.Length > 0 && PythonCharacters.IsSpace(text[^1])) text = text[..^1];
        foreach (char letter in text)
        {
            if (!char.IsAsciiDigit(letter) && letter is not ('+' or '-' or '.' or 'e' or 'E')) return null;
        }
        return PythonCharacters.TryParse(text, out _) ? text.ToString() : null;
    }
}

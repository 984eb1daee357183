using System.Text;

namespace NativeDiffusion.Text;

/// <summary>
/// The edits and alternations of a prompt. A pair of brackets is one when all between them is well formed: <c>( )</c> with at most one colon, <c>[ ]</c> with
/// nothing, with bars, or with one or two colons and a number last; any other bracket or colon is text, and so is every bracket around it. A bar outside
/// of an alternation makes the whole prompt unparsable, as in A1111's grammar. Where a valid bracket is followed by unmatched ones, the parser
/// library chooses one of several parses (at random in the version A1111 pins); here a valid bracket is always parsed.
/// </summary>
internal sealed class PromptScheduleTree
{
    private readonly string _prompt;
    private readonly List<PromptNode> _edits = [];
    private readonly Stack<PromptBracket> _open = new();
    private PromptRun _output;

    private PromptScheduleTree(string prompt) => _prompt = prompt;

    /// <summary>Parses a prompt in linear time; null if the grammar cannot.</summary>
    public static PromptScheduleTree? Parse(string prompt)
    {
        var tree = new PromptScheduleTree(prompt);
        return tree.Read() ? tree : null;
    }

    /// <summary>The steps at which the text may change, ascending, the last step included.</summary>
    public IEnumerable<int> Ends(PromptTimeline timeline)
    {
        var ends = new SortedSet<int> { timeline.Steps };
        foreach (PromptNode edit in _edits)
        {
            if (edit.When is null)
            {
                // An alternation changes at every step, which includes all others.
                return Enumerable.Range(1, timeline.Steps);
            }
            int step = timeline.StepOf(edit.When);
            if (step >= 1) ends.Add(step);
        }
        return ends;
    }

    /// <summary>The text at a step, counted from 1.</summary>
    public string TextAt(int step, PromptTimeline timeline)
    {
        var text = new StringBuilder();
        var rest = new Stack<PromptNode?>();
        rest.Push(_output.First);
        while (rest.TryPop(out PromptNode? node))
        {
            for (; node is not null; node = node.Next)
            {
                if (node.Parts is null)
                {
                    text.Append(_prompt, node.Start, node.Length);
                    continue;
                }
                rest.Push(node.Next);
                rest.Push(node.PartAt(step, timeline).First);
                break;
            }
        }
        return text.ToString();
    }

    private bool Read()
    {
        int plain = 0;
        for (int at = 0; at < _prompt.Length; at++)
        {
            char value = _prompt[at];
            if (value == '\\')
            {
                if (++at >= _prompt.Length || _prompt[at] == '\n') return false;
                continue;
            }
            if (value is not ('(' or ')' or '[' or ']' or ':' or '|')) continue;
            AddText(plain, at - plain);
            plain = at + 1;
            if (!ReadSign(value, at)) return false;
        }
        AddText(plain, _prompt.Length - plain);
        return Spill();
    }

    private bool ReadSign(char value, int at)
    {
        switch (value)
        {
            case '(' or '[':
                _open.Push(new PromptBracket(at, value));
                return true;
            case ':' or '|' when _open.TryPeek(out PromptBracket? bracket):
                bracket.Separate(at, value);
                return true;
            case '|':
                return false;
            case ')' or ']' when _open.TryPeek(out PromptBracket? bracket):
                return Close(bracket, value, at);
            default:
                AddText(at, 1);
                return true;
        }
    }

    private bool Close(PromptBracket bracket, char value, int at)
    {
        if (bracket.IsEmphasis(value))
        {
            _open.Pop();
            bracket.TryLoosen(out PromptRun run);
            run.Add(PromptNode.Text(at, 1));
            Append(run);
            return true;
        }
        if (bracket.TryEdit(_prompt, value) is { } edit)
        {
            _open.Pop();
            _edits.Add(edit);
            var run = new PromptRun();
            run.Add(edit);
            Append(run);
            return true;
        }
        if (!Spill()) return false;
        AddText(at, 1);
        return true;
    }

    /// <summary>Converts every open bracket to text.</summary>
    private bool Spill()
    {
        foreach (PromptBracket bracket in _open.Reverse())
        {
            if (!bracket.TryLoosen(out PromptRun run)) return false;
            _output.Append(run);
        }
        _open.Clear();
        return true;
    }

    private void AddText(int start, int length)
    {
        if (length == 0) return;
        var run = new PromptRun();
        run.Add(PromptNode.Text(start, length));
        Append(run);
    }

    private void Append(PromptRun run)
    {
        if (_open.TryPeek(out PromptBracket? bracket)) bracket.Append(run);
        else _output.Append(run);
    }
}

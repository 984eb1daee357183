namespace NativeDiffusion.Text;

/// <summary>A section of a prompt's text, or an edit with its parts; sibling nodes are a linked list.</summary>
internal sealed class PromptNode
{
    private PromptNode()
    {
    }

    /// <summary>The start of the text in the prompt.</summary>
    public int Start { get; private init; }

    /// <summary>The length of the text.</summary>
    public int Length { get; private init; }

    /// <summary>The parts of an edit or alternation; null for text.</summary>
    public IReadOnlyList<PromptRun>? Parts { get; private init; }

    /// <summary>The "when" of an edit; null for alternations.</summary>
    public string? When { get; private init; }

    /// <summary>The next sibling.</summary>
    public PromptNode? Next { get; set; }

    /// <summary>A section of the prompt.</summary>
    public static PromptNode Text(int start, int length) => new() { Start = start, Length = length };

    /// <summary><c>[before:after:when]</c>.</summary>
    public static PromptNode Edit(PromptRun before, PromptRun after, string when) => new() { Parts = [before, after], When = when };

    /// <summary><c>[a|b|c]</c>.</summary>
    public static PromptNode Alternation(IReadOnlyList<PromptRun> parts) => new() { Parts = parts };

    /// <summary>The part that applies at a step, counted from 1.</summary>
    public PromptRun PartAt(int step, PromptTimeline timeline) => When is null
        ? Parts![(step - 1) % Parts.Count]
        : Parts![step <= timeline.StepOf(When) ? 0 : 1];
}

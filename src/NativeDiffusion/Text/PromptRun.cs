namespace NativeDiffusion.Text;

/// <summary>A linked list of nodes with constant-time concatenation.</summary>
internal struct PromptRun
{
    private PromptNode? _last;

    /// <summary>The first node, or null if there is none.</summary>
    public PromptNode? First { get; private set; }

    /// <summary>Whether there is exactly one node.</summary>
    public readonly bool IsSingle => First is not null && First == _last;

    /// <summary>Adds a node at the end.</summary>
    public void Add(PromptNode node)
    {
        if (_last is null) First = node;
        else _last.Next = node;
        _last = node;
    }

    /// <summary>Moves another list to the end of this one.</summary>
    public void Append(PromptRun other)
    {
        if (other.First is null) return;
        if (_last is null) First = other.First;
        else _last.Next = other.First;
        _last = other._last;
    }
}

namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>Findings of a launch or of a driver, from any thread; one finding per kind and instruction is kept.</summary>
internal sealed class FindingList(int most)
{
    private readonly Lock _lock = new();
    private readonly List<Finding> _findings = [];
    private readonly HashSet<(FindingKind, int, string?)> _seen = [];

    /// <summary>Findings that were dropped.</summary>
    public long Dropped { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock) return _findings.Count;
        }
    }

    public void Add(Finding finding)
    {
        lock (_lock)
        {
            if (_findings.Count < most && (finding.PtxLine == 0 || _seen.Add((finding.Kind, finding.PtxLine, finding.Kernel)))) _findings.Add(finding);
            else Dropped++;
        }
    }

    public IReadOnlyList<Finding> ToList()
    {
        lock (_lock) return [.. _findings];
    }
}

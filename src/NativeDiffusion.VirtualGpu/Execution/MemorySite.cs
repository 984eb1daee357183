using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A worker's state of one memory instruction: its last patterns and the last allocation.</summary>
internal sealed unsafe class MemorySite : IDisposable
{
    private const int Patterns = 4;
    private readonly AccessPattern[] _patterns = new AccessPattern[Patterns];
    private int _count;
    private int _next;

    public Allocation? Allocation { get; set; }

    /// <summary>The pattern of the addresses, cached or computed.</summary>
    public AccessPattern Pattern(ulong* addresses, ulong first, uint mask, int width)
    {
        for (int i = 0; i < _count; i++)
            if (_patterns[i].Matches(addresses, first, mask, width)) return _patterns[i];
        AccessPattern pattern;
        if (_count < Patterns) pattern = _patterns[_count++] = new AccessPattern();
        else
        {
            pattern = _patterns[_next];
            _next = (_next + 1) % Patterns;
        }
        pattern.Build(addresses, first, mask, width);
        return pattern;
    }

    public void Dispose()
    {
        for (int i = 0; i < _count; i++) _patterns[i].Dispose();
        _count = 0;
    }
}

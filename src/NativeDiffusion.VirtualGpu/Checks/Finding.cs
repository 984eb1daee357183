namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>A defect that a check reported, with its location: kernel, block, thread, address, source line.</summary>
public sealed record Finding
{
    /// <summary>The kind of defect.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The check that reported it, as compute-sanitizer calls it where it has one; docs/virtual-gpu.md lists them.</summary>
    public string Tool => Kind.Tool();

    /// <summary>The report: the tool, then one or two sentences with the location.</summary>
    public required string Message { get; init; }

    /// <summary>The kernel; null for host API calls.</summary>
    public string? Kernel { get; init; }

    /// <summary>The block's coordinates in the grid.</summary>
    public (int X, int Y, int Z)? Block { get; init; }

    /// <summary>The thread's coordinates in the block.</summary>
    public (int X, int Y, int Z)? Thread { get; init; }

    /// <summary>The faulting address, if there is one.</summary>
    public ulong? Address { get; init; }

    /// <summary>The line of the .cu file as "file:line", if the PTX has line information.</summary>
    public string? Source { get; init; }

    /// <summary>The line of the PTX; 0 if there is none.</summary>
    public int PtxLine { get; init; }

    /// <summary>A finding whose message begins with its tool.</summary>
    internal static Finding Of(FindingKind kind, string text) => new() { Kind = kind, Message = $"{kind.Tool()}: {text}" };

    /// <inheritdoc/>
    public override string ToString() => Message;
}

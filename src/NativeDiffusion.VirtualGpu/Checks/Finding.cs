namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>One thing that was found, with its place: kernel, block, thread, address, source line.</summary>
public sealed record Finding
{
    /// <summary>What it is.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The whole of it as a sentence or two, fit to be shown.</summary>
    public required string Message { get; init; }

    /// <summary>The kernel; null for calls of the host.</summary>
    public string? Kernel { get; init; }

    /// <summary>The block's coordinates in the grid.</summary>
    public (int X, int Y, int Z)? Block { get; init; }

    /// <summary>The thread's coordinates in the block.</summary>
    public (int X, int Y, int Z)? Thread { get; init; }

    /// <summary>The address, where one is at fault.</summary>
    public ulong? Address { get; init; }

    /// <summary>The line of the .cu file as "file:line", where the PTX tells it.</summary>
    public string? Source { get; init; }

    /// <summary>The line of the PTX; 0 where there is none.</summary>
    public int PtxLine { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}

using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>
/// A kernel with a defect, and its correct twin: one body with a slot "{}" for the difference. Lines at which the defect may be
/// reported end in "//!"; without any it is the line of the slot.
/// </summary>
/// <param name="Name">The defect, as a test's name.</param>
/// <param name="Kind">The expected kind.</param>
/// <param name="Body">PTX after <see cref="DefectKernel"/>'s head.</param>
/// <param name="Wrong">The slot of the defect.</param>
/// <param name="Right">The slot of the twin.</param>
internal sealed record Defect(string Name, FindingKind Kind, string Body, string Wrong, string Right)
{
    public uint Grid { get; init; } = 1;

    public uint Block { get; init; } = 64;

    public int DynamicShared { get; init; }

    /// <summary>The faulting address, as "x+4", "s-4"; null if it depends on the schedule or if there is none.</summary>
    public string? At { get; init; }

    /// <summary>The reported thread; -1 if it depends on the schedule.</summary>
    public int Thread { get; init; } = -1;

    /// <summary>A second possible kind, if the schedule determines which is reported first.</summary>
    public FindingKind? Also { get; init; }

    /// <summary>PTX in front of the kernel.</summary>
    public string Module { get; init; } = "";

    /// <summary>The line of the finding where it lies in <see cref="Module"/>.</summary>
    public int ModuleLine { get; init; }

    /// <summary>Lines of the body, counted from 1, at which the finding may be.</summary>
    public IEnumerable<int> Lines
    {
        get
        {
            if (ModuleLine > 0) return [ModuleLine];
            string[] lines = Body.Split('\n');
            string mark = Body.Contains("//!", StringComparison.Ordinal) ? "//!" : "{}";
            return Enumerable.Range(1, lines.Length).Where(line => lines[line - 1].Contains(mark, StringComparison.Ordinal));
        }
    }

    public override string ToString() => Name;
}

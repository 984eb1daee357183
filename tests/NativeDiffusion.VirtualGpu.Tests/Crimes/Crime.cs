using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>
/// A kernel that commits a crime, and its twin that does not: one body with a slot "{}" for the little that makes the difference. Lines at
/// which it may be found end in "//!"; without any it is the slot's own.
/// </summary>
/// <param name="Name">What it does wrong, as a test's name.</param>
/// <param name="Kind">What it must be found as.</param>
/// <param name="Body">PTX behind <see cref="CrimeKernel"/>'s head.</param>
/// <param name="Wrong">What stands in the slot of the crime.</param>
/// <param name="Right">What stands in the slot of the twin.</param>
internal sealed record Crime(string Name, FindingKind Kind, string Body, string Wrong, string Right)
{
    public uint Grid { get; init; } = 1;

    public uint Block { get; init; } = 64;

    public int DynamicShared { get; init; }

    /// <summary>The address that is at fault, as "x+4", "s-4"; null where it depends on the schedule or where there is none.</summary>
    public string? At { get; init; }

    /// <summary>The thread that commits it; -1 where it depends on the schedule.</summary>
    public int Thread { get; init; } = -1;

    /// <summary>A kind that the same crime is as well, where it depends on the schedule which comes first.</summary>
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

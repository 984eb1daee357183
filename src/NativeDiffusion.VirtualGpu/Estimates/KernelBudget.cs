using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The numbers of one compilation of a kernel source: compiler output, launch counters, and limits.</summary>
public sealed record KernelBudget
{
    /// <summary>The variant, such as gemm-128-128-32-2-2-3-1-0.</summary>
    public required string Variant { get; init; }

    /// <summary>The source, such as gemm.cu.</summary>
    public required string Source { get; init; }

    /// <summary>The hash of source, headers and options of the measured compilation.</summary>
    public required string Hash { get; init; }

    /// <summary>Limits that hold independently of the numbers; kept when the numbers are updated.</summary>
    public IReadOnlyList<KernelLimit> Limits { get; init; } = [];

    /// <summary>Compiler output, by entry, architecture and compiler.</summary>
    public IReadOnlyList<CubinBudget> Cubins { get; init; } = [];

    /// <summary>Launch counters.</summary>
    public IReadOnlyList<LaunchBudget> Launches { get; init; } = [];

    /// <summary>The numbers of an entry for an architecture, of the newest compiler available; null without any.</summary>
    public CubinBudget? Cubin(string entry, string target) => Cubins.LastOrDefault(cubin => cubin.Entry == entry && cubin.Target == target);

    /// <summary>The numbers of an entry that apply to a device: of its architecture, else of the newest earlier one; null without any.</summary>
    public CubinBudget? CubinFor(string entry, int architecture) => Cubins
        .Where(cubin => cubin.Entry == entry && Architecture(cubin) <= architecture)
        .OrderBy(Architecture).LastOrDefault();

    /// <summary>Every exceeded limit, as a sentence; empty if all hold.</summary>
    public IEnumerable<string> Passed()
    {
        foreach (KernelLimit limit in Limits)
        {
            foreach (CubinBudget cubin in Cubins)
                if (limit.Of(cubin) is { } value && value > limit.Most)
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Variant}, {cubin.Entry} for {cubin.Target} by NVRTC {cubin.Compiler}: {limit.Name} is {value:0.###}, "
                            + $"limit {limit.Most:0.###}");
            foreach (LaunchBudget launch in Launches)
                if (limit.Of(launch) is { } value && value > limit.Most)
                    yield return FormattableString.Invariant(
                        $"{Variant}, {launch.Entry} on {launch.Shape}: {limit.Name} is {value:0.###}, limit {limit.Most:0.###}");
        }
    }

    private static int Architecture(CubinBudget cubin) =>
        int.Parse(cubin.Target.AsSpan("sm_".Length).TrimEnd('a'), System.Globalization.CultureInfo.InvariantCulture);
}

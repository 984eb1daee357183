using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>All numbers of one compilation of a kernel source: what compilers made of it, what launches did, and what must not be passed.</summary>
public sealed record KernelBudget
{
    /// <summary>The compilation, as gemm-128-128-32-2-2-3-1-0.</summary>
    public required string Variant { get; init; }

    /// <summary>The source, as gemm.cu.</summary>
    public required string Source { get; init; }

    /// <summary>The hash of source, headers and options that the numbers were taken from.</summary>
    public required string Hash { get; init; }

    /// <summary>Limits that hold whatever the numbers are; kept when numbers are taken anew.</summary>
    public IReadOnlyList<KernelLimit> Limits { get; init; } = [];

    /// <summary>What compilers made of it, by entry, architecture and compiler.</summary>
    public IReadOnlyList<CubinBudget> Cubins { get; init; } = [];

    /// <summary>What launches did.</summary>
    public IReadOnlyList<LaunchBudget> Launches { get; init; } = [];

    /// <summary>The numbers of an entry for an architecture, of the newest compiler that there is; null without any.</summary>
    public CubinBudget? Cubin(string entry, string target) => Cubins.LastOrDefault(cubin => cubin.Entry == entry && cubin.Target == target);

    /// <summary>The numbers of an entry that stand for a card: of its architecture, else of the newest one before it; null without any.</summary>
    public CubinBudget? CubinFor(string entry, int architecture) => Cubins
        .Where(cubin => cubin.Entry == entry && Architecture(cubin) <= architecture)
        .OrderBy(Architecture).LastOrDefault();

    /// <summary>Every limit that is passed, as a sentence; none is what tests want.</summary>
    public IEnumerable<string> Passed()
    {
        foreach (KernelLimit limit in Limits)
        {
            foreach (CubinBudget cubin in Cubins)
                if (limit.Of(cubin) is { } value && value > limit.Most)
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Variant}, {cubin.Entry} for {cubin.Target} by NVRTC {cubin.Compiler}: {limit.Name} is {value:0.###}, "
                            + $"at most {limit.Most:0.###} is allowed");
            foreach (LaunchBudget launch in Launches)
                if (limit.Of(launch) is { } value && value > limit.Most)
                    yield return FormattableString.Invariant(
                        $"{Variant}, {launch.Entry} on {launch.Shape}: {limit.Name} is {value:0.###}, at most {limit.Most:0.###} is allowed");
        }
    }

    private static int Architecture(CubinBudget cubin) =>
        int.Parse(cubin.Target.AsSpan("sm_".Length).TrimEnd('a'), System.Globalization.CultureInfo.InvariantCulture);
}

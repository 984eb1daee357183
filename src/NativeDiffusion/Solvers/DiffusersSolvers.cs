using NativeDiffusion.Solvers.Diffusers;

namespace NativeDiffusion.Solvers;

/// <summary>diffusers' schedulers as tables.</summary>
public static class DiffusersSolvers
{
    private const string Suffix = "Scheduler";

    private static readonly IReadOnlyList<Entry> s_entries =
    [
        new(new() { ClassName = "DPMSolverMultistepScheduler" }, DpmSolverMultistep.Table),
        new(new() { ClassName = "DPMSolverSinglestepScheduler", LowerOrderFinal = false }, DpmSolverSinglestep.Table),
        new(new() { ClassName = "EulerAncestralDiscreteScheduler" }, EulerAncestral.Table),
        new(new() { ClassName = "EulerDiscreteScheduler" }, Euler.Table),
        new(new() { ClassName = "HeunDiscreteScheduler", BetaStart = 0.00085, BetaEnd = 0.012 }, Heun.Table),
        new(new() { ClassName = "KDPM2DiscreteScheduler", BetaStart = 0.00085, BetaEnd = 0.012 }, KDpm2.Table),
        new(new() { ClassName = "KDPM2AncestralDiscreteScheduler", BetaStart = 0.00085, BetaEnd = 0.012 }, KDpm2.AncestralTable),
        new(new() { ClassName = "LMSDiscreteScheduler" }, Lms.Table),
        new(new() { ClassName = "DDIMScheduler", TimestepSpacing = "leading", ClipSample = true }, Ddim.Table),
        new(new() { ClassName = "DDPMScheduler", TimestepSpacing = "leading", ClipSample = true, VarianceType = "fixed_small" }, Ddpm.Table),
        new(new() { ClassName = "PNDMScheduler", TimestepSpacing = "leading", SetAlphaToOne = false }, Pndm.Table),
        new(new() { ClassName = "UniPCMultistepScheduler", SolverType = "bh2" }, UniPc.Table),
        new(new() { ClassName = "DEISMultistepScheduler", AlgorithmType = "deis", SolverType = "logrho" }, Deis.Table),
        new(new() { ClassName = "LCMScheduler", BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear", TimestepSpacing = "leading" }, Lcm.Table),
        new(new() { ClassName = "TCDScheduler", BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear", TimestepSpacing = "leading" }, Tcd.Table),
    ];

    /// <summary>The supported schedulers, by their class names.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. s_entries.Select(entry => entry.Defaults.ClassName)];

    /// <summary>Creates the table of a scheduler.</summary>
    /// <param name="config">The scheduler and its options.</param>
    /// <param name="options">The run: steps, strength, step arguments.</param>
    /// <exception cref="ArgumentException">An option is invalid or not supported; the message names the option.</exception>
    public static SolverTable CreateTable(SchedulerConfig config, SolverTableOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        Entry entry = Find(config.ClassName);
        SchedulerLimits.Check(config with { ClassName = entry.Defaults.ClassName }, options);
        return entry.Table(new SchedulerRun(config with { ClassName = entry.Defaults.ClassName }, options));
    }

    internal static SchedulerConfig Defaults(string className) => Find(className).Defaults;

    private static Entry Find(string className)
    {
        ArgumentNullException.ThrowIfNull(className);
        string full = className.EndsWith(Suffix, StringComparison.Ordinal) ? className : className + Suffix;
        return s_entries.FirstOrDefault(entry => entry.Defaults.ClassName == full)
            ?? throw Refusal.Unknown("scheduler", className, ClassNames);
    }

    private sealed record Entry(SchedulerConfig Defaults, Func<SchedulerRun, SolverTable> Table);
}

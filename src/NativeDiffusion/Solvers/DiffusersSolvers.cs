using NativeDiffusion.Solvers.Diffusers;

namespace NativeDiffusion.Solvers;

/// <summary>diffusers' schedulers as tables.</summary>
public static class DiffusersSolvers
{
    private const string Suffix = "Scheduler";

    private static readonly IReadOnlyList<Entry> s_entries =
    [
        new(new() { ClassName = "DPMSolverMultistepScheduler" }, DpmSolverMultistep.Table),
        new(new() { ClassName = "EulerAncestralDiscreteScheduler" }, EulerAncestral.Table),
    ];

    /// <summary>The schedulers that are known, by their class names.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. s_entries.Select(entry => entry.Defaults.ClassName)];

    /// <summary>Writes a scheduler's table.</summary>
    /// <param name="config">The scheduler and its options.</param>
    /// <param name="options">The run: steps, strength, step arguments.</param>
    /// <exception cref="ArgumentException">An option has a value that does not exist or cannot be a table; the message names the option.</exception>
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

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>The noise levels and fractional timesteps of diffusers' variance-exploding solvers: Euler, Heun, LMS, KDPM2.</summary>
internal static class FractionalSigmas
{
    /// <summary>The levels of evenly spaced timesteps, ending at zero: the only spacing of Euler ancestral.</summary>
    public static SigmaList Interpolated(SchedulerRun run, NoiseSchedule schedule)
    {
        double[] timesteps = Spaced(run, schedule);
        return new(SigmaList.Finish(timesteps.Select(schedule.SigmaAt), 0), timesteps);
    }

    /// <summary>
    /// The levels of Heun, LMS, KDPM2 and (with more options) Euler. Karras, exponential and beta sigmas span the levels of the
    /// spaced timesteps here, not the whole training range.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="schedule">The training noise levels.</param>
    /// <param name="last">The final level.</param>
    /// <param name="roundKarras">Whether Karras timesteps are rounded, as in KDPM2.</param>
    public static SigmaList Spread(SchedulerRun run, NoiseSchedule schedule, double last = 0, bool roundKarras = false)
    {
        SchedulerConfig config = run.Config;
        double[] timesteps = Spaced(run, schedule);
        double[] sigmas = Levels(run, schedule, timesteps);
        double low = config.SigmaMin ?? sigmas[^1], high = config.SigmaMax ?? sigmas[0];
        double[]? spread = config.UseKarrasSigmas ? SigmaSpacing.Karras(low, high, run.Steps)
            : config.UseExponentialSigmas ? SigmaSpacing.Exponential(low, high, run.Steps)
            : config.UseBetaSigmas ? SigmaSpacing.Beta(low, high, run.Steps)
            : null;
        if (spread is null) return new(SigmaList.Finish(sigmas, last), timesteps);
        Refusal.When(run.Options.Timesteps is not null, "timesteps", "a list of timesteps cannot be combined with Karras, exponential or beta sigmas");
        bool round = roundKarras && config.UseKarrasSigmas;
        return new(SigmaList.Finish(spread, last), [.. spread.Select(schedule.TimestepOf).Select(t => round ? Math.Round(t) : (double)(float)t)]);
    }

    private static double[] Spaced(SchedulerRun run, NoiseSchedule schedule) =>
        run.Options.Timesteps is { } custom
            ? [.. custom.Select(t => (double)(float)t)]
            : TimestepSpacing.Fractional(run.Config.TimestepSpacing, schedule.Count, run.Steps, run.Config.StepsOffset);

    private static double[] Levels(SchedulerRun run, NoiseSchedule schedule, double[] timesteps) => run.Config.InterpolationType switch
    {
        "linear" => [.. timesteps.Select(schedule.SigmaAt)],
        "log_linear" => [.. Linspace.Floats(schedule.LogSigmas[^1], schedule.LogSigmas[0], run.Steps + 1).Select(log => (double)Float32.Exp(log))],
        string other => throw Refusal.Unknown("interpolation_type", other, "linear", "log_linear"),
    };
}

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>The noise levels and integer timesteps of diffusers' variance-preserving multistep solvers: DPMSolver, UniPC and DEIS.</summary>
internal static class MultistepSigmas
{
    /// <summary>The list of DPMSolverMultistep.</summary>
    public static SigmaList DpmSolver(SchedulerRun run, NoiseSchedule schedule)
    {
        double[] spaced = Custom(run)
            ?? TimestepSpacing.Multistep(run.Config.TimestepSpacing, schedule.Count, Unclipped(run, schedule), run.Steps, run.Config.StepsOffset);
        return Make(run, schedule, spaced, lu: true, roundKarras: run.Config.BetaSchedule != "squaredcos_cap_v2", FinalOfTable(run, schedule));
    }

    /// <summary>The list of DPMSolverSinglestep, which supports linspace only.</summary>
    public static SigmaList Singlestep(SchedulerRun run, NoiseSchedule schedule)
    {
        double[] spaced = Custom(run) ?? TimestepSpacing.Multistep("linspace", schedule.Count, Unclipped(run, schedule), run.Steps, 0);
        return Make(run, schedule, spaced, lu: false, roundKarras: true, FinalOfTable(run, schedule));
    }

    /// <summary>The list of UniPC and DEIS: with sigma_min, spread sigmas repeat their last one at the end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="schedule">The training noise levels.</param>
    /// <param name="final">The final_sigmas_type; DEIS has none and always ends at sigma_min.</param>
    public static SigmaList Repeating(SchedulerRun run, NoiseSchedule schedule, string final)
    {
        double[] spaced = TimestepSpacing.Multistep(run.Config.TimestepSpacing, schedule.Count, schedule.Count, run.Steps, run.Config.StepsOffset);
        bool spread = run.Config.UseKarrasSigmas || run.Config.UseExponentialSigmas || run.Config.UseBetaSigmas;
        return Make(run, schedule, spaced, lu: false, roundKarras: true, IsZero(final) ? 0 : spread ? null : schedule.Sigmas[0]);
    }

    private static SigmaList Make(SchedulerRun run, NoiseSchedule schedule, double[] spaced, bool lu, bool roundKarras, double? last)
    {
        SchedulerConfig config = run.Config;
        double low = config.SigmaMin ?? schedule.Sigmas[0], high = config.SigmaMax ?? schedule.Sigmas[^1];
        double[]? spread = config.UseKarrasSigmas ? SigmaSpacing.Karras(low, high, run.Steps)
            : lu && config.UseLuLambdas ? SigmaSpacing.Lu(schedule.LogSigmas[0], schedule.LogSigmas[^1], run.Steps)
            : config.UseExponentialSigmas ? SigmaSpacing.Exponential(low, high, run.Steps)
            : config.UseBetaSigmas ? SigmaSpacing.Beta(low, high, run.Steps)
            : null;
        if (spread is null) return new(SigmaList.Finish(spaced.Select(schedule.SigmaAt), last!.Value), spaced);

        // Karras and Lu timesteps are rounded, the others truncated: 998.99998 becomes 998.
        bool round = roundKarras && (config.UseKarrasSigmas || (lu && config.UseLuLambdas));
        IEnumerable<double> timesteps = spread.Select(schedule.TimestepOf).Select(t => Math.Truncate(round ? Math.Round(t) : t));
        return new(SigmaList.Finish(spread, last ?? spread[^1]), [.. timesteps]);
    }

    private static double[]? Custom(SchedulerRun run)
    {
        SchedulerConfig config = run.Config;
        if (run.Options.Timesteps is null) return null;
        Refusal.When(
            config.UseKarrasSigmas || config.UseExponentialSigmas || config.UseBetaSigmas || config.UseLuLambdas,
            "timesteps",
            "a list of timesteps cannot be combined with Karras, exponential, beta or Lu sigmas");
        return [.. run.Options.Timesteps.Select(t => Math.Truncate(t))];
    }

    // Small λ are omitted according to lambda_min_clipped: the cosine schedule needs it.
    private static int Unclipped(SchedulerRun run, NoiseSchedule schedule)
    {
        int clipped = 0;
        foreach (float alpha in schedule.AlphasCumprod)
        {
            float lambda = Float32.Log(MathF.Sqrt(alpha)) - Float32.Log(MathF.Sqrt(1f - alpha));
            if (lambda < (float)run.Config.LambdaMinClipped) clipped++;
        }

        return schedule.Count - clipped;
    }

    private static double FinalOfTable(SchedulerRun run, NoiseSchedule schedule) => IsZero(run.Config.FinalSigmasType) ? 0 : schedule.Sigmas[0];

    private static bool IsZero(string finalSigmasType) => finalSigmasType switch
    {
        "zero" => true,
        "sigma_min" => false,
        _ => throw Refusal.Unknown("final_sigmas_type", finalSigmasType, "zero", "sigma_min"),
    };
}

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Euler's method on the probability flow (Karras et al., arXiv:2206.00364, algorithm 2) in diffusers' form: churn noise is added after the
/// network was called, so that the network receives the level below.
/// </summary>
internal static class Euler
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        NoiseSchedule schedule = run.Schedule(zeroSnr: true, keepLastFinite: true);
        SigmaList list = List(run, schedule);
        int steps = list.Timesteps.Length, first = run.FirstStep();
        SolverTableBuilder table = run.Table(VeRow.InitNoiseScale(run, list.Sigmas), list.Sigmas, first);
        for (int i = first; i < steps; i++)
        {
            double sigma = list.Sigmas[i], to = list.Sigmas[i + 1];
            bool within = sigma >= run.Options.STmin && sigma <= run.Options.STmax;
            double gamma = within ? Math.Min(run.Options.SChurn / (list.Sigmas.Length - 1), Math.Sqrt(2) - 1) : 0;
            double hat = sigma * (gamma + 1), dt = gamma > 0 ? to - hat : (float)to - (float)sigma;
            SolverCombination next = Terms.X + dt * Terms.Eps;
            if (gamma > 0) next = Churned(run.Prediction, sigma, hat, dt, run.Options.SNoise * Math.Sqrt(hat * hat - sigma * sigma));
            table.Add(VeRow.Make(run.Prediction, sigma, list.Timesteps[i], next) with { DrawsAfter = gamma > 0, NoiseFrom = sigma, NoiseTo = to });
        }

        return table.ToTable();
    }

    // x̂ = x + churn·noise; x0 is formed from x̂ and the prediction for x, then x' = x̂ + dt·(x̂ - x0) / σ̂.
    private static SolverCombination Churned(PredictionType prediction, double sigma, double hat, double dt, double churn)
    {
        SolverCombination x = Terms.X + churn * Terms.Noise;
        if (prediction == PredictionType.Epsilon) return x + dt * Terms.Eps;
        SolverCombination x0 = prediction == PredictionType.Sample ? Terms.X0 : Terms.X0 + churn / (sigma * sigma + 1) * Terms.Noise;
        return x + dt / hat * (x - x0);
    }

    private static SigmaList List(SchedulerRun run, NoiseSchedule schedule)
    {
        SchedulerConfig config = run.Config;
        double last = config.FinalSigmasType switch
        {
            "zero" => 0,
            "sigma_min" => schedule.Sigmas[0],
            string other => throw Refusal.Unknown("final_sigmas_type", other, "zero", "sigma_min"),
        };
        SigmaList list;
        if (run.Options.Sigmas is { } custom)
        {
            double[] sigmas = [.. custom.Select(sigma => (double)(float)sigma)];
            list = new(sigmas, [.. sigmas[..^1].Select(schedule.TimestepOf)]);
        }
        else list = FractionalSigmas.Spread(run, schedule, last);

        if (config.TimestepType == "continuous" && run.Prediction == PredictionType.Velocity)
            return list with { Timesteps = [.. list.Sigmas[..^1].Select(sigma => (double)(0.25f * Float32.Log((float)sigma)))] };
        return config.TimestepType is "discrete" or "continuous" ? list : throw Refusal.Unknown("timestep_type", config.TimestepType, "discrete", "continuous");
    }
}

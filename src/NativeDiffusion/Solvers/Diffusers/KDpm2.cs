namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// DPM-Solver-2 as in k-diffusion (arXiv:2206.00927 with the levels of arXiv:2206.00364), in diffusers' form: the second evaluation is at
/// the geometric mean of two levels. The ancestral form steps down to a lower level and adds noise.
/// </summary>
internal static class KDpm2
{
    /// <summary>Creates KDPM2DiscreteScheduler's table.</summary>
    public static SolverTable Table(SchedulerRun run) => Table(run, ancestral: false);

    /// <summary>Creates KDPM2AncestralDiscreteScheduler's table.</summary>
    public static SolverTable AncestralTable(SchedulerRun run) => Table(run, ancestral: true);

    private static SolverTable Table(SchedulerRun run, bool ancestral)
    {
        run.RefuseLists();
        NoiseSchedule schedule = run.Schedule(zeroSnr: false);
        SigmaList list = FractionalSigmas.Spread(run, schedule, roundKarras: true);
        double[] sigma = list.Sigmas, t = list.Timesteps;
        double[] doubled = [sigma[0], .. sigma[1..].SelectMany(level => new[] { level, level }), sigma[^1]];
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(VeRow.InitNoiseScale(run, sigma), doubled, first);
        for (int i = first; i < t.Length; i++)
        {
            double from = sigma[i], to = sigma[i + 1];
            if (i == t.Length - 1)
            {
                table.Add(VeRow.Make(run.Prediction, from, t[i], Terms.X - from * Terms.Eps));
                break;
            }

            AncestralStep step = ancestral ? AncestralStep.Between(from, to) : new AncestralStep(to, 0);
            double mid = Float32.Exp((Float32.Log((float)from) + Float32.Log((float)step.Down)) / 2);
            table.Add(VeRow.Make(run.Prediction, from, t[i], Terms.X + (mid - from) * Terms.Eps) with { Save = Terms.X, EndsStep = false });
            SolverCombination next = Terms.Saved + (step.Down - from) * Terms.Eps + step.Up * Terms.Noise;
            table.Add(VeRow.Make(run.Prediction, mid, schedule.TimestepOf(mid), next) with
            {
                DrawsAfter = ancestral,
                NoiseFrom = from,
                NoiseTo = to,
                // add_noise uses the doubled list of levels, which does not contain the intermediate one.
                AddNoise = new NoiseMix(1, to),
            });
        }

        return table.ToTable();
    }
}

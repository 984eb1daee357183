namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Heun's method on the probability flow: Karras et al., arXiv:2206.00364, algorithm 1. Two evaluations a step, one in the last.</summary>
internal static class Heun
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        SigmaList list = FractionalSigmas.Spread(run, run.Schedule(zeroSnr: false));
        double[] sigma = list.Sigmas, t = list.Timesteps;
        double[] doubled = [sigma[0], .. sigma[1..^1].SelectMany(level => new[] { level, level }), sigma[^1]];
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(VeRow.InitNoiseScale(run, sigma), doubled, first);
        for (int i = first; i < t.Length; i++)
        {
            double dt = sigma[i + 1] - sigma[i];
            bool last = i == t.Length - 1;
            table.Add(
                VeRow.Make(
                run.Prediction, sigma[i], t[i], Terms.X + dt * Terms.Eps) with
                { Save = last ? default : Terms.X + dt / 2 * Terms.Eps, EndsStep = last });
            if (!last) table.Add(VeRow.Make(run.Prediction, sigma[i + 1], t[i + 1], Terms.Saved + dt / 2 * Terms.Eps));
        }

        return table.ToTable();
    }
}

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Diffusion exponential integrator sampler, multistep over log ρ: Zhang and Chen, arXiv:2204.13902. ρ = σ/α is the sigma of the table; ε is
/// interpolated in ln ρ and integrated exactly.
/// </summary>
internal static class Deis
{
    private const int FewSteps = 15;

    /// <summary>Writes the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists();
        SchedulerConfig config = run.Config;
        Refusal.When(config.SolverOrder is < 1 or > 3, "solver_order", $"{config.SolverOrder} is not one of 1, 2, 3");
        if (config.AlgorithmType is not ("deis" or "dpmsolver" or "dpmsolver++")) throw Refusal.Unknown("algorithm_type", config.AlgorithmType, "deis");
        if (config.SolverType is not ("logrho" or "midpoint" or "heun" or "bh1" or "bh2")) throw Refusal.Unknown("solver_type", config.SolverType, "logrho");
        SigmaList list = MultistepSigmas.Repeating(run, run.Schedule(zeroSnr: false), "sigma_min");
        int steps = list.Timesteps.Length, first = run.FirstStep();
        bool few = config.LowerOrderFinal && steps < FewSteps;
        SolverTableBuilder table = run.Table(1, list.Sigmas, first);
        var history = new SolverHistory(config.SolverOrder - 1);
        for (int i = first; i < steps; i++)
        {
            int limit = few && i == steps - 1 ? 1 : few && i == steps - 2 ? 2 : 3;
            int order = Math.Min(Math.Min(limit, config.SolverOrder), history.Count + 1);
            VpLevel s0 = new(list.Sigmas[i]), t = new(list.Sigmas[i + 1]);
            double[] rho = [.. Enumerable.Range(0, order).Select(age => list.Sigmas[i - age])];
            SolverCombination next = 1 / s0.Alpha * Terms.X;
            for (int age = 0; age < order; age++)
            {
                double weight = Integral(list.Sigmas[i + 1], rho, age) - Integral(rho[0], rho, age);
                next += weight * (age == 0 ? Terms.Eps : history[age]);
            }

            table.Add(VpRow.Make(run.Prediction, list, i, null, t.Alpha * next) with { StoreSlot = history.Push(), StoreEps = 1 });
        }

        return table.ToTable();
    }

    // ∫ dρ of the Lagrange polynomial in ln ρ that is 1 at rho[at] and 0 at the others.
    private static double Integral(double t, double[] rho, int at)
    {
        double log = Math.Log(t), b = Math.Log(rho[at]);
        double[] other = [.. rho.Where((_, k) => k != at).Select(level => Math.Log(level))];
        return other.Length switch
        {
            0 => t,
            1 => t * (log - other[0] - 1) / (b - other[0]),
            _ => t * (log * log - (other[0] + other[1] + 2) * log + other[0] * other[1] + other[0] + other[1] + 2) / ((b - other[0]) * (b - other[1])),
        };
    }
}

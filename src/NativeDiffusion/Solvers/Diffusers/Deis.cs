namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Diffusion exponential integrator sampler, multistep over log ρ: Zhang and Chen, arXiv:2204.13902. ρ = σ/α is the sigma of the table; ε is
/// interpolated in ln ρ and integrated exactly.
/// </summary>
internal static class Deis
{
    private const int FewSteps = 15;

    /// <summary>Creates the table.</summary>
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
            table.Add(VpRow.Make(run.Prediction, list, i, null, Next(list.Sigmas, i, order, history)) with { StoreSlot = history.Push(), StoreEps = 1 });
        }

        return table.ToTable();
    }

    // The coefficients are computed in float32 and in the reference's order of operations, because the differences of these integrals lose
    // digits, and the result must match the reference.
    private static SolverCombination Next(double[] sigmas, int i, int order, SolverHistory history)
    {
        (float alphaS, float sigmaS) = Level(sigmas[i]);
        (float alphaT, float sigmaT) = Level(sigmas[i + 1]);
        if (order == 1)
        {
            float h = Float32.Log(alphaT) - Float32.Log(sigmaT) - (Float32.Log(alphaS) - Float32.Log(sigmaS));
            return alphaT / alphaS * Terms.X - sigmaT * (Float32.Exp(h) - 1f) * Terms.Eps;
        }

        float[] rho = [.. Enumerable.Range(0, order).Select(age => Rho(sigmas[i - age]))];
        SolverCombination sum = 1.0 / alphaS * Terms.X;
        for (int age = 0; age < order; age++)
            sum += (Integral(Rho(sigmas[i + 1]), rho, age) - Integral(rho[0], rho, age)) * (age == 0 ? Terms.Eps : history[age]);
        return alphaT * sum;
    }

    private static (float Alpha, float Sigma) Level(double sigma)
    {
        float alpha = 1f / MathF.Sqrt((float)sigma * (float)sigma + 1f);
        return (alpha, (float)sigma * alpha);
    }

    // The reference's ρ is σ/α in float32, slightly off its sigma.
    private static float Rho(double sigma)
    {
        (float alpha, float noise) = Level(sigma);
        return noise / alpha;
    }

    // ∫ dρ of the Lagrange polynomial in ln ρ that is 1 at rho[at] and 0 at the others.
    private static float Integral(float t, float[] rho, int at)
    {
        float log = Float32.Log(t), b = Float32.Log(rho[at]);
        float[] other = [.. Enumerable.Range(1, rho.Length - 1).Select(k => Float32.Log(rho[(at + k) % rho.Length]))];
        return other is [float c, float d]
            ? t * (c * (d - log + 1f) - d * log + d + log * log - 2f * log + 2f) / ((b - c) * (b - d))
            : t * (-other[0] + log - 1f) / (b - other[0]);
    }
}

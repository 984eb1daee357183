namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// The four DPM-Solver algorithms and their steps: "++" integrates the data prediction (arXiv:2211.01095), the others the noise
/// prediction (arXiv:2206.00927); the SDE forms add noise.
/// </summary>
/// <param name="PlusPlus">Whether x0 is integrated instead of ε.</param>
/// <param name="Noisy">Whether it is an SDE form.</param>
/// <param name="Heun">Whether solver_type is heun instead of midpoint.</param>
internal sealed record DpmSolverForm(bool PlusPlus, bool Noisy, bool Heun)
{
    /// <summary>The quantity that is integrated and stored.</summary>
    public SolverCombination Output => PlusPlus ? Terms.X0 : Terms.Eps;

    /// <summary>Reads algorithm_type and solver_type; names that other classes use for theirs fall back as in diffusers.</summary>
    /// <exception cref="ArgumentException">An unknown name, or a final sigma of zero where ε is integrated.</exception>
    public static DpmSolverForm Of(SchedulerConfig config, bool allowSdeDpmSolver)
    {
        string algorithm = config.AlgorithmType == "deis" ? "dpmsolver++" : config.AlgorithmType;
        string[] known = allowSdeDpmSolver ? ["dpmsolver++", "sde-dpmsolver++", "dpmsolver", "sde-dpmsolver"] : ["dpmsolver++", "sde-dpmsolver++", "dpmsolver"];
        if (!known.Contains(algorithm)) throw Refusal.Unknown("algorithm_type", algorithm, known);
        bool heun = config.SolverType switch
        {
            "heun" => true,
            "midpoint" or "logrho" or "bh1" or "bh2" => false,
            _ => throw Refusal.Unknown("solver_type", config.SolverType, "midpoint", "heun"),
        };
        bool plusPlus = algorithm.EndsWith("++", StringComparison.Ordinal);
        Refusal.When(!plusPlus && config.FinalSigmasType == "zero", "final_sigmas_type", $"zero does not go with algorithm_type {algorithm}; choose sigma_min");
        return new(plusPlus, algorithm.StartsWith("sde-", StringComparison.Ordinal), heun);
    }

    /// <summary>A step of first or, where <paramref name="d1"/> is not zero, second order from level s to level t, h apart.</summary>
    public SolverCombination Second(SolverCombination x, VpLevel s, VpLevel t, float h, SolverCombination d0, SolverCombination d1)
    {
        float e = Float32.Exp(PlusPlus ? -h : h) - 1f, e2 = 1f - Float32.Exp(-2f * h);
        float second = this switch
        {
            { PlusPlus: true, Noisy: false } => Heun ? t.Alpha * (e / h + 1) : -0.5f * t.Alpha * e,
            { PlusPlus: true, Noisy: true } => Heun ? t.Alpha * (e2 / (-2 * h) + 1) : 0.5f * t.Alpha * e2,
            { Noisy: false } => Heun ? -t.Sigma * (e / h - 1) : -0.5f * t.Sigma * e,
            _ => Heun ? -2 * t.Sigma * (e / h - 1) : -t.Sigma * e,
        };
        SolverCombination step = First(x, s, t, h, d0);
        return d1 == default ? step : step + second * d1;
    }

    /// <summary>A step of third order.</summary>
    public SolverCombination Third(SolverCombination x, VpLevel s, VpLevel t, float h, SolverCombination d0, SolverCombination d1, SolverCombination d2)
    {
        float e = Float32.Exp(PlusPlus ? -h : h) - 1f, e2 = 1f - Float32.Exp(-2f * h), h2 = 2f * h;
        (float first, float second) = this switch
        {
            { PlusPlus: true, Noisy: false } => (t.Alpha * (e / h + 1), -t.Alpha * ((e + h) / (h * h) - 0.5f)),
            { PlusPlus: true } => (t.Alpha * (e2 / -h2 + 1), t.Alpha * ((e2 - h2) / (h2 * h2) - 0.5f)),
            _ => (-t.Sigma * (e / h - 1), -t.Sigma * ((e - h) / (h * h) - 0.5f)),
        };
        return First(x, s, t, h, d0) + first * d1 + second * d2;
    }

    private SolverCombination First(SolverCombination x, VpLevel s, VpLevel t, float h, SolverCombination d0)
    {
        float e = Float32.Exp(PlusPlus ? -h : h) - 1f, e2 = 1f - Float32.Exp(-2f * h);
        return this switch
        {
            { PlusPlus: true, Noisy: false } => t.Sigma / s.Sigma * x - t.Alpha * e * d0,
            { PlusPlus: true } => t.Sigma / s.Sigma * Float32.Exp(-h) * x + t.Alpha * e2 * d0 + t.Sigma * MathF.Sqrt(e2) * Terms.Noise,
            { Noisy: false } => t.Alpha / s.Alpha * x - t.Sigma * e * d0,
            _ => t.Alpha / s.Alpha * x - 2 * t.Sigma * e * d0 + t.Sigma * MathF.Sqrt(Float32.Exp(2f * h) - 1f) * Terms.Noise,
        };
    }
}

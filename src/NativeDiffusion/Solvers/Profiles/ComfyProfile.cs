namespace NativeDiffusion.Solvers.Profiles;

/// <summary>
/// ComfyUI's conventions: the "normal" schedule by default, the nearest integer timestep, noise times √(1 + σ²) for the whole schedule, and for image to
/// image always the requested number of steps, the last ones of int(steps / denoise).
/// </summary>
internal static class ComfyProfile
{
    // Above this, denoise counts as 1.
    private const double AllOfIt = 0.9999;
    private const int MostSteps = 10_000;

    /// <summary>The schedules' names.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["normal", "karras", "exponential", "sgm_uniform", "simple", "ddim_uniform", "beta", "kl_optimal"];

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SolverChoice choice)
    {
        (SamplerEntry entry, string? schedule) = KProfile.Sampler(choice, "Euler");
        NoiseSchedule noise = KProfile.Noise(choice.ModelScheduler ?? SolverProfiles.StableDiffusion15, comfy: true);
        bool part = choice.FromPicture && choice.Strength <= AllOfIt;
        if (part) Refusal.When(
            !(choice.Strength > 0) || choice.Steps / choice.Strength > MostSteps, "strength",
            $"it is not above 0, or so small that the whole schedule would have more than {MostSteps} steps");
        int all = part ? (int)(choice.Steps / choice.Strength) : choice.Steps;
        double[] sigmas = KProfile.Sigmas(
            choice, noise, all, choice.DiscardPenultimateSigma ?? entry.ComfyDiscards, (levels, steps) => Make(schedule ?? "normal", levels, steps));
        // The list is shortened before the sampler receives it: its Brownian path spans the remaining levels alone.
        if (part) sigmas = sigmas[Math.Max(sigmas.Length - 1 - choice.Steps, 0)..];
        double start = sigmas[0], largest = noise.Sigmas[^1];
        bool most = start > largest || Math.Abs(start - largest) <= 1e-5 * Math.Max(start, largest);
        return KDiffusionSolvers.CreateTable(KProfile.Options(choice, entry, noise, sigmas, first: 0) with
        {
            DrawsUnusedNoise = false,
            InitNoiseScale = most ? Math.Sqrt(1 + start * start) : null,
        });
    }

    private static double[] Make(string name, NoiseSchedule noise, int steps)
    {
        if (name == "polyexponential" || name == "default") throw Refusal.Unknown("schedule", name, Schedules);
        return name == "beta" ? Beta(noise, steps) : KSchedules.Make(name, noise, steps);
    }

    // Integer timesteps at the quantiles of a beta distribution (arXiv:2407.12173), each at most once.
    private static double[] Beta(NoiseSchedule noise, int steps)
    {
        var sigmas = new List<double>();
        int last = -1;
        for (int i = 0; i < steps; i++)
        {
            int t = (int)Math.Round(BetaDistribution.Quantile(1 - i * (1.0 / steps), 0.6, 0.6) * (noise.Count - 1));
            if (t != last) sigmas.Add(noise.Sigmas[t]);
            last = t;
        }

        return [.. sigmas, 0];
    }
}

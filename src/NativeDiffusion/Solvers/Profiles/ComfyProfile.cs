namespace NativeDiffusion.Solvers.Profiles;

/// <summary>
/// ComfyUI's conventions: the "normal" schedule by itself, the nearest whole timestep, noise times √(1 + σ²) where all of the schedule runs, and from a picture
/// always the asked number of steps, the last ones of int(steps / denoise).
/// </summary>
internal static class ComfyProfile
{
    // Above this denoise is taken as 1.
    private const double AllOfIt = 0.9999;
    private const int MostSteps = 10_000;

    /// <summary>The schedules' names.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["normal", "karras", "exponential", "sgm_uniform", "simple", "ddim_uniform", "beta", "kl_optimal"];

    /// <summary>Writes the table.</summary>
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
        // The list is cut before the sampler sees it: its Brownian path spans the rest alone.
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

    // Whole timesteps at the quantiles of a beta distribution (arXiv:2407.12173), each at most once.
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

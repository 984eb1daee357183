namespace NativeDiffusion.Solvers.Profiles;

/// <summary>A1111's conventions: a default schedule per sampler, fractional timesteps, noise times the first sigma, t_enc + 1 img2img steps.</summary>
internal static class A1111Profile
{
    /// <summary>The schedules' names.</summary>
    public static IReadOnlyList<string> Schedules { get; } =
        ["Automatic", "Uniform", "Karras", "Exponential", "Polyexponential", "SGM Uniform", "KL Optimal", "Simple", "Normal", "DDIM", "Beta"];

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SolverChoice choice)
    {
        (SamplerEntry entry, string? schedule) = KProfile.Sampler(choice, "Euler a");
        NoiseSchedule noise = KProfile.Noise(choice.ModelScheduler ?? SolverProfiles.StableDiffusion15, comfy: false);
        string name = schedule ?? entry.Automatic;
        double[] sigmas = KProfile.Sigmas(
            choice, noise, choice.Steps, choice.DiscardPenultimateSigma ?? entry.Discards, (levels, steps) => Make(name, levels, steps));
        int count = sigmas.Length - 1, first = 0;
        if (choice.FromPicture)
        {
            Refusal.When(!(choice.Strength is > 0 and <= 1), "strength", "it is not above 0 and at most 1");
            // setup_img2img_steps: one step more than int(strength · steps), and never all of them.
            first = count - (int)(Math.Min(choice.Strength, 0.999) * count) - 1;
        }

        double start = sigmas[first];
        return KDiffusionSolvers.CreateTable(KProfile.Options(choice, entry, noise, sigmas, first) with
        {
            InitNoiseScale = choice.SgmNoiseMultiplier ? Math.Sqrt(1 + start * start) : null,
        });
    }

    private static double[] Make(string name, NoiseSchedule noise, int steps)
    {
        // KL optimal ends at the last training level here, without a zero after it.
        if (name != "kl_optimal") return KSchedules.Make(name, noise, steps);
        return [.. KSchedules.Make(name, noise, steps + 1)[..^1]];
    }
}

using NativeDiffusion.Solvers.Profiles;

namespace NativeDiffusion.Solvers;

/// <summary>Tables by a user's choice of profile, sampler and schedule.</summary>
public static class SolverProfiles
{
    /// <summary>Stable Diffusion 1.5's own scheduler, the default for models without one.</summary>
    public static SchedulerConfig StableDiffusion15 { get; } = SchedulerConfig.ForClass("PNDMScheduler") with
    {
        BetaStart = 0.00085,
        BetaEnd = 0.012,
        BetaSchedule = "scaled_linear",
        SkipPrkSteps = true,
        StepsOffset = 1,
    };

    /// <summary>Creates the table of a choice.</summary>
    /// <param name="choice">The choice.</param>
    /// <exception cref="ArgumentException">An unknown name or an invalid option; the message names the option.</exception>
    public static SolverTable CreateTable(SolverChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Profile switch
        {
            SolverProfile.Diffusers => DiffusersProfile.Table(choice),
            SolverProfile.A1111 => A1111Profile.Table(choice),
            SolverProfile.Comfy => ComfyProfile.Table(choice),
            _ => throw Refusal.Unknown("profile", choice.Profile.ToString(), Enum.GetNames<SolverProfile>()),
        };
    }

    /// <summary>The samplers of a profile, by their display names.</summary>
    /// <param name="profile">The profile.</param>
    public static IReadOnlyList<string> SamplerNames(SolverProfile profile) => profile switch
    {
        SolverProfile.Diffusers => [.. SamplerCatalog.Entries.Where(entry => entry.ClassName is not null).Select(entry => entry.Label)],
        SolverProfile.A1111 => [.. SamplerCatalog.Entries.Where(entry => entry.KName is not null).Select(entry => entry.Label)],
        _ => [.. SamplerCatalog.Entries.Where(entry => entry.KName is not null && entry.ComfyName is not null).Select(entry => entry.ComfyName!)],
    };

    /// <summary>The schedules of a profile, by their display names.</summary>
    /// <param name="profile">The profile.</param>
    public static IReadOnlyList<string> ScheduleNames(SolverProfile profile) => profile switch
    {
        SolverProfile.Diffusers => DiffusersProfile.Schedules,
        SolverProfile.A1111 => A1111Profile.Schedules,
        _ => ComfyProfile.Schedules,
    };

    /// <summary>
    /// Whether a sampler's noise is a Brownian path in A1111 and ComfyUI (the SDE samplers), so that its steps need the interval and not only a
    /// draw.
    /// </summary>
    /// <param name="sampler">The sampler's name.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static bool UsesBrownianNoise(string sampler) => SamplerCatalog.Find(sampler).Entry.Brownian;
}

namespace NativeDiffusion.Solvers.Profiles;

/// <summary>Every sampler under all of its names.</summary>
internal static class SamplerCatalog
{
    private const string Multistep = "DPMSolverMultistepScheduler";
    private const string Unbuilt = "it has adaptive steps or is not implemented as a table";

    /// <summary>The samplers.</summary>
    public static IReadOnlyList<SamplerEntry> Entries { get; } =
    [
        new("DPM++ 2M", "sample_dpmpp_2m", "dpmpp_2m", Multistep) { Configure = Plain, Automatic = "karras" },
        new("DPM++ SDE", "sample_dpmpp_sde", "dpmpp_sde", null) { Automatic = "karras", Brownian = true },
        new("DPM++ 2M SDE", "sample_dpmpp_2m_sde", "dpmpp_2m_sde", Multistep) { Configure = Sde, Automatic = "exponential", Brownian = true },
        new("DPM++ 2M SDE Heun", "sample_dpmpp_2m_sde", null, Multistep) { Configure = config =>
            Sde(config) with { SolverType = "heun" }, Automatic = "exponential", Brownian = true, SolverType = "heun" },
        new("DPM++ 2S a", "sample_dpmpp_2s_ancestral", "dpmpp_2s_ancestral", null) { Automatic = "karras" },
        new("DPM++ 3M SDE", "sample_dpmpp_3m_sde", "dpmpp_3m_sde", Multistep) { Configure = config =>
            Sde(config) with { SolverOrder = 3 }, Automatic = "exponential", Discards = true, Brownian = true },
        new("Euler a", "sample_euler_ancestral", "euler_ancestral", "EulerAncestralDiscreteScheduler"),
        new("Euler", "sample_euler", "euler", "EulerDiscreteScheduler"),
        new("LMS", "sample_lms", "lms", "LMSDiscreteScheduler"),
        new("Heun", "sample_heun", "heun", "HeunDiscreteScheduler"),
        new("DPM2", "sample_dpm_2", "dpm_2", "KDPM2DiscreteScheduler") { Automatic = "karras", Discards = true, ComfyDiscards = true },
        new("DPM2 a", "sample_dpm_2_ancestral", "dpm_2_ancestral", "KDPM2AncestralDiscreteScheduler") { Automatic = "karras", Discards = true,
            ComfyDiscards = true },
        new("DPM++ 2S", null, null, "DPMSolverSinglestepScheduler"),
        new("DDIM", null, null, "DDIMScheduler"),
        new("DDPM", null, null, "DDPMScheduler"),
        new("PNDM", null, null, "PNDMScheduler"),
        new("UniPC", null, null, "UniPCMultistepScheduler"),
        new("DEIS", null, null, "DEISMultistepScheduler"),
        new("LCM", null, null, "LCMScheduler"),
        new("TCD", null, null, "TCDScheduler"),
    ];

    /// <summary>Finds a sampler by any of its names, case-insensitively; an old A1111 name may end in its schedule, which is then returned.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static (SamplerEntry Entry, string? Schedule) Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string wanted = name.Trim();
        foreach (string schedule in (string[])["karras", "exponential"])
        {
            if (!wanted.EndsWith(' ' + schedule, StringComparison.OrdinalIgnoreCase)) continue;
            return (Exact(wanted[..^(schedule.Length + 1)], name), schedule);
        }

        return (Exact(wanted, name), null);
    }

    private static SamplerEntry Exact(string wanted, string asked)
    {
        bool Is(string? known) => string.Equals(known, wanted, StringComparison.OrdinalIgnoreCase);
        SamplerEntry? entry = Entries.FirstOrDefault(entry =>
            Is(entry.Label) || Is(entry.KName) || Is(entry.ComfyName) || Is(entry.KName?["sample_".Length..])
            || (entry.ClassName is { } className && entry.ClassName != Multistep && (Is(className) || Is(className[..^"Scheduler".Length]))));
        if (entry is not null) return entry;
        if (Is(Multistep) || Is(Multistep[..^"Scheduler".Length])) return new("DPM++", null, null, Multistep);
        if (Is("PLMS")) return Entries.First(entry => entry.Label == "PNDM");
        Refusal.When(
            Is("DPM fast") || Is("DPM adaptive") || Is("Restart") || Is("DDIM CFG++") || Is("HeunPP2")
            || Is("IPNDM"), "sampler", $"'{asked}' is refused: {Unbuilt}");
        throw Refusal.Unknown("sampler", asked, Entries.Select(known => known.Label));
    }

    private static SchedulerConfig Plain(SchedulerConfig config) => config with { AlgorithmType = "dpmsolver++", SolverOrder = 2 };

    private static SchedulerConfig Sde(SchedulerConfig config) => config with { AlgorithmType = "sde-dpmsolver++", SolverOrder = 2 };
}

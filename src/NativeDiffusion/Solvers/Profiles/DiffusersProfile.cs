namespace NativeDiffusion.Solvers.Profiles;

/// <summary>diffusers' conventions: the model's own scheduler, or another class made from its configuration.</summary>
internal static class DiffusersProfile
{
    private static readonly string[] s_spreading =
    [
        "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler", "EulerDiscreteScheduler",
        "HeunDiscreteScheduler", "LMSDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler",
    ];

    /// <summary>The schedules' names.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["uniform", "karras", "exponential", "beta", "lu"];

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SolverChoice choice)
    {
        SchedulerConfig model = choice.ModelScheduler ?? SolverProfiles.StableDiffusion15;
        string? schedule = choice.Schedule;
        SchedulerConfig config = model;
        if (choice.Sampler is { } sampler)
        {
            (SamplerEntry entry, string? named) = SamplerCatalog.Find(sampler);
            schedule ??= named;
            if (entry.ClassName is null)
                throw Refusal.Of(
                    "sampler",
                    $"'{entry.Label}' is not one of diffusers' schedulers; use profile a1111 or comfy, or DPMSolverSinglestepScheduler, which is nearest");
            config = entry.Configure(Retargeted(model, entry.ClassName));
        }

        // The options that StableDiffusionPipeline overrides in any scheduler.
        config = config with { ClipSample = false, StepsOffset = 1 };
        return DiffusersSolvers.CreateTable(Scheduled(config, schedule), new SolverTableOptions
        {
            Steps = choice.Steps,
            Strength = choice.FromPicture ? choice.Strength : 1,
            Timesteps = choice.Timesteps,
            Sigmas = Ended(choice.Sigmas),
            Eta = choice.Eta,
            SChurn = choice.SChurn ?? 0,
            STmin = choice.STmin ?? 0,
            STmax = choice.STmax ?? double.PositiveInfinity,
            SNoise = choice.SNoise ?? 1,
        });
    }

    // from_config: values of the model's file are kept, others have the new class's default. A configuration that was created or changed in
    // code defines the values that training fixes.
    private static SchedulerConfig Retargeted(SchedulerConfig model, string className)
    {
        if (model.ClassName == className) return model;
        if (model.Source is { } source && SchedulerConfigReader.Read(source, model.ClassName) == model) return SchedulerConfigReader.Read(source, className);
        return SchedulerConfig.ForClass(className) with
        {
            NumTrainTimesteps = model.NumTrainTimesteps,
            BetaStart = model.BetaStart,
            BetaEnd = model.BetaEnd,
            BetaSchedule = model.BetaSchedule,
            TrainedBetas = model.TrainedBetas,
            PredictionType = model.PredictionType,
            StepsOffset = model.StepsOffset,
            RescaleBetasZeroSnr = model.RescaleBetasZeroSnr,
            SetAlphaToOne = model.ClassName is "DDIMScheduler" or "PNDMScheduler" ? model.SetAlphaToOne : className != "PNDMScheduler",
        };
    }

    private static SchedulerConfig Scheduled(SchedulerConfig config, string? name)
    {
        string? schedule = ScheduleName.Normalised(name);
        if (schedule is null) return config;
        SchedulerConfig bare = config with { UseKarrasSigmas = false, UseExponentialSigmas = false, UseBetaSigmas = false, UseLuLambdas = false };
        if (schedule is "uniform" or "default" or "normal") return bare;
        bool known = Schedules.Contains(schedule);
        if (!known) throw Refusal.Unknown("schedule", name!, Schedules);
        bool has = schedule == "lu" ? config.ClassName == "DPMSolverMultistepScheduler" : s_spreading.Contains(config.ClassName);
        Refusal.When(!has, "schedule", $"{config.ClassName} has no {schedule} sigmas in diffusers; omit the schedule, or use profile a1111 or comfy");
        return schedule switch
        {
            "karras" => bare with { UseKarrasSigmas = true },
            "exponential" => bare with { UseExponentialSigmas = true },
            "beta" => bare with { UseBetaSigmas = true },
            _ => bare with { UseLuLambdas = true },
        };
    }

    private static IReadOnlyList<double>? Ended(IReadOnlyList<double>? sigmas) =>
        sigmas is null or [] or [.., 0] ? sigmas : [.. sigmas, 0];
}

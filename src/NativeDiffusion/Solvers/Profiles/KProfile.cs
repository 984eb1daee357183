namespace NativeDiffusion.Solvers.Profiles;

/// <summary>Common to A1111 and ComfyUI: a k-diffusion sampler on the model's own noise levels.</summary>
internal static class KProfile
{
    private const int MostSteps = 10_000;

    /// <summary>The sampler, which must be one of k-diffusion's.</summary>
    public static (SamplerEntry Entry, string? Schedule) Sampler(SolverChoice choice, string standard)
    {
        (SamplerEntry entry, string? schedule) = SamplerCatalog.Find(choice.Sampler ?? standard);
        if (entry.KName is null)
            throw Refusal.Of(
                "sampler",
                $"'{choice.Sampler}' is not one of k-diffusion's samplers, and {choice.Profile}'s own form of it is not implemented; use profile diffusers");
        Refusal.When(choice.Timesteps is not null, "timesteps", "a list of timesteps is for profile diffusers; give sigmas");
        return (entry, ScheduleName.Normalised(choice.Schedule) ?? schedule);
    }

    /// <summary>The model's training levels, in double from a linspace of roots if the model uses them, else as in diffusers.</summary>
    public static NoiseSchedule Noise(SchedulerConfig model, bool comfy)
    {
        bool roots = model is { BetaSchedule: "scaled_linear", TrainedBetas: null, RescaleBetasZeroSnr: false };
        if (roots && comfy) return NoiseSchedule.ForComfy(model.BetaStart, model.BetaEnd, model.NumTrainTimesteps);
        if (roots) return NoiseSchedule.ForKDiffusion(model.BetaStart, model.BetaEnd, model.NumTrainTimesteps);
        IReadOnlyList<float> betas = model.TrainedBetas is { } trained
            ? [.. trained.Select(beta => (float)beta)]
            : BetaSchedule.Betas(model.BetaSchedule, model.BetaStart, model.BetaEnd, model.NumTrainTimesteps);
        return NoiseSchedule.FromBetas(betas, model.RescaleBetasZeroSnr, keepLastFinite: true);
    }

    /// <summary>The prediction type of the network.</summary>
    public static PredictionType Prediction(SchedulerConfig model) => model.PredictionType switch
    {
        "epsilon" => PredictionType.Epsilon,
        "v_prediction" => PredictionType.Velocity,
        "sample" => PredictionType.Sample,
        string other => throw Refusal.Unknown("prediction_type", other, "epsilon", "v_prediction", "sample"),
    };

    /// <summary>The levels of a choice: its own list, or a schedule of one level more without its penultimate one.</summary>
    public static double[] Sigmas(SolverChoice choice, NoiseSchedule noise, int steps, bool discards, Func<NoiseSchedule, int, double[]> schedule)
    {
        if (choice.Sigmas is { } custom)
        {
            Refusal.When(custom.Count == 0, "sigmas", "the list is empty");
            return custom[^1] == 0 ? [.. custom] : [.. custom, 0];
        }

        Refusal.When(steps is < 1 or > MostSteps, "steps", $"{steps} is not from 1 to {MostSteps}");
        if (!discards) return schedule(noise, steps);
        double[] more = schedule(noise, steps + 1);
        return [.. more[..^2], more[^1]];
    }

    /// <summary>The options of the sampler.</summary>
    public static KSamplerOptions Options(SolverChoice choice, SamplerEntry entry, NoiseSchedule noise, double[] sigmas, int first) => new()
    {
        Sampler = entry.KName!,
        Sigmas = sigmas,
        FirstStep = first,
        Noise = noise,
        Prediction = Prediction(choice.ModelScheduler ?? SolverProfiles.StableDiffusion15),
        Eta = choice.Eta,
        SNoise = choice.SNoise,
        SChurn = choice.SChurn,
        STmin = choice.STmin,
        STmax = choice.STmax,
        SolverType = entry.SolverType,
        Quantize = choice.QuantizeTimesteps ?? choice.Profile == SolverProfile.Comfy,
    };
}

using System.Globalization;

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Rejects, by the option's name, what cannot be a table and what is out of range for every scheduler.</summary>
internal static class SchedulerLimits
{
    /// <summary>The maximum number of steps: no schedule has more levels.</summary>
    private const int MostSteps = 10_000;

    // The classes whose step() can clip x0.
    private static readonly string[] s_clipping = ["DDIMScheduler", "DDPMScheduler", "LCMScheduler", "TCDScheduler", "HeunDiscreteScheduler"];

    /// <summary>Checks a scheduler and a run.</summary>
    /// <exception cref="ArgumentException">The message names the option.</exception>
    public static void Check(SchedulerConfig config, SolverTableOptions options)
    {
        Refusal.When(config.Thresholding, "thresholding", "dynamic thresholding is not linear in x0, so it cannot be part of a table; set it to false");
        Refusal.When(
            config.ClipSample && s_clipping.Contains(config.ClassName), "clip_sample",
            $"clipping x0 is not linear, so it cannot be part of a table; set it to false (Stable Diffusion's own {config.ClassName} has it false)");
        Refusal.When(config.UseFlowSigmas || config.PredictionType == "flow_prediction", "use_flow_sigmas", "flow matching is for another family of models");
        Refusal.When(
            (config.UseKarrasSigmas ? 1 : 0) + (config.UseExponentialSigmas ? 1 : 0) + (config.UseBetaSigmas ? 1 : 0) > 1, "use_karras_sigmas",
            "only one of use_karras_sigmas, use_exponential_sigmas and use_beta_sigmas may be set");
        NoiseSchedule.CheckCount(config.NumTrainTimesteps);
        Refusal.When(config.VarianceType is "learned" or "learned_range", "variance_type", "a learned variance needs a network with twice the output channels");
        Refusal.When(options.Timesteps is not null && options.Sigmas is not null, "timesteps", "give a list of timesteps or of sigmas, not both");
        Refusal.When(options.Timesteps is { Count: 0 }, "timesteps", "the list is empty");
        Refusal.When(options.Sigmas is { Count: < 2 }, "sigmas", "the list needs at least a first and a final sigma");
        Refusal.When(
            options.Timesteps is null && options.Sigmas is null
            && options.Steps is < 1 or > MostSteps, "steps", string.Create(CultureInfo.InvariantCulture, $"{options.Steps} is not from 1 to {MostSteps}"));
        Refusal.When(
            !(options.Strength is > 0 and <= 1), "strength", string.Create(CultureInfo.InvariantCulture, $"{options.Strength} is not above 0 and at most 1"));
        Refusal.When(
            options.Eta is not null && config.ClassName is not ("DDIMScheduler" or "TCDScheduler"), "eta", $"{config.ClassName} has none in diffusers");
        Refusal.When(
            (options.SChurn != 0 || options.SNoise != 1)
            && config.ClassName != "EulerDiscreteScheduler", "s_churn", $"{config.ClassName} has neither s_churn nor s_noise in diffusers");
        Refusal.When(
            options.Eta is { } eta
            && !(eta >= 0 && double.IsFinite(eta)), "eta", string.Create(CultureInfo.InvariantCulture, $"{options.Eta} is not a number of zero or more"));
        Refusal.When(!(options.SNoise >= 0 && double.IsFinite(options.SNoise)), "s_noise", "it is not a number of zero or more");
        Refusal.When(!(options.SChurn >= 0 && double.IsFinite(options.SChurn)), "s_churn", "it is not a number of zero or more");
    }
}

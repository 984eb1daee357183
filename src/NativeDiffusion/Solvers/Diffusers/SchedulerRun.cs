using System.Globalization;

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>A scheduler's options together with a run's arguments: the input of every solver here.</summary>
/// <param name="config">The scheduler.</param>
/// <param name="options">The run.</param>
internal sealed class SchedulerRun(SchedulerConfig config, SolverTableOptions options)
{
    /// <summary>The scheduler.</summary>
    public SchedulerConfig Config => config;

    /// <summary>The run.</summary>
    public SolverTableOptions Options => options;

    /// <summary>The prediction type of the network.</summary>
    public PredictionType Prediction { get; } = config.PredictionType switch
    {
        "epsilon" => PredictionType.Epsilon,
        "v_prediction" => PredictionType.Velocity,
        "sample" or "original_sample" => PredictionType.Sample,
        string other => throw Refusal.Unknown("prediction_type", other, "epsilon", "v_prediction", "sample"),
    };

    /// <summary>The requested number of steps.</summary>
    public int Steps => options.Timesteps?.Count ?? options.Sigmas?.Count - 1 ?? options.Steps;

    /// <summary>The training noise levels.</summary>
    /// <param name="zeroSnr">Whether the class has rescale_betas_zero_snr.</param>
    /// <param name="keepLastFinite">Whether it then keeps the last ᾱ above zero.</param>
    public NoiseSchedule Schedule(bool zeroSnr, bool keepLastFinite = false)
    {
        float[] betas = config.TrainedBetas is { } trained
            ? [.. trained.Select(beta => (float)beta)]
            : BetaSchedule.Betas(config.BetaSchedule, config.BetaStart, config.BetaEnd, config.NumTrainTimesteps);
        Refusal.When(
            betas.Length != config.NumTrainTimesteps, "trained_betas", $"it has {betas.Length} entries, but num_train_timesteps is {config.NumTrainTimesteps}");
        return NoiseSchedule.FromBetas(betas, zeroSnr && config.RescaleBetasZeroSnr, keepLastFinite);
    }

    /// <summary>
    /// The first evaluation that runs: image-to-image skips steps - int(steps · strength) of them, each <paramref name="order"/> evaluations long.
    /// </summary>
    /// <param name="order">The scheduler's order attribute: 2 for Heun and KDPM2.</param>
    public int FirstStep(int order = 1)
    {
        int kept = Math.Min((int)(Steps * options.Strength), Steps);
        Refusal.When(
            kept < 1, "strength", string.Create(
            CultureInfo.InvariantCulture, $"{options.Strength} of {Steps} steps leaves no step to run; raise it or the steps"));
        return (Steps - kept) * order;
    }

    /// <summary>The table's head.</summary>
    /// <param name="initNoiseScale">The scale of the initial noise.</param>
    /// <param name="sigmas">The reference's list.</param>
    /// <param name="first">The first step that runs.</param>
    public SolverTableBuilder Table(double initNoiseScale, IReadOnlyList<double> sigmas, int first) =>
        new(new SolverTableHead(config.ClassName, Prediction, initNoiseScale, sigmas, first));

    /// <summary>Rejects custom lists for a class that does not support them.</summary>
    public void RefuseLists(bool timesteps = true, bool sigmas = true)
    {
        Refusal.When(timesteps && options.Timesteps is not null, "timesteps", $"{config.ClassName} does not support a list of timesteps");
        Refusal.When(sigmas && options.Sigmas is not null, "sigmas", $"{config.ClassName} does not support a list of sigmas");
    }
}

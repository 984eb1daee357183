namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>A row of a variance-exploding solver: the state is x0 + σε, divided by √(σ² + 1) for the network (arXiv:2206.00364).</summary>
internal static class VeRow
{
    /// <summary>Creates a row.</summary>
    public static SolverRow Make(PredictionType prediction, double sigma, double timestep, SolverCombination next) => new()
    {
        Timestep = timestep,
        InputScale = 1 / Math.Sqrt(sigma * sigma + 1),
        SignalLevel = 1,
        NoiseLevel = sigma,
        Prediction = PredictionWeights.For(prediction, 1, sigma),
        Next = next,
        AddNoise = new NoiseMix(1, sigma),
    };

    /// <summary>diffusers' init_noise_sigma: the first level, or with leading spacing the deviation of a noised picture.</summary>
    public static double InitNoiseScale(SchedulerRun run, IReadOnlyList<double> sigmas)
    {
        double largest = sigmas.Max();
        return run.Config.TimestepSpacing is "linspace" or "trailing" ? largest : Math.Sqrt(largest * largest + 1);
    }
}

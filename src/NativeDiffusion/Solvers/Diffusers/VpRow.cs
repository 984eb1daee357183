namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>A row of a variance-preserving, sigma-based solver: the state is αx0 + σε and is the network's input unscaled.</summary>
internal static class VpRow
{
    /// <summary>Creates the row of step <paramref name="i"/>.</summary>
    public static SolverRow Make(PredictionType prediction, SigmaList list, int i, DpmSolverForm? form, SolverCombination next)
    {
        var level = new VpLevel(list.Sigmas[i]);
        return new SolverRow
        {
            Timestep = list.Timesteps[i],
            InputScale = 1,
            SignalLevel = level.Alpha,
            NoiseLevel = level.Sigma,
            Prediction = PredictionWeights.For(prediction, level.Alpha, level.Sigma),
            Next = next,
            DrawsAfter = form is { Noisy: true },
            NoiseFrom = list.Sigmas[i],
            NoiseTo = list.Sigmas[i + 1],
            AddNoise = level.Mix,
        };
    }
}

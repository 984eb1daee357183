namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>
/// Churn: the noise added to x before an evaluation, which raises it to a higher level σ̂ (Karras et al., arXiv:2206.00364, algorithm 2).
/// </summary>
/// <param name="Hat">σ̂.</param>
/// <param name="Noise">The factor of the noise.</param>
internal readonly record struct Churn(float Hat, double Noise)
{
    /// <summary>The churn of a step.</summary>
    public static Churn Of(KRun run, int i)
    {
        float sigma = run.Sigmas[i];
        bool within = sigma >= (run.Options.STmin ?? 0) && sigma <= (run.Options.STmax ?? double.PositiveInfinity);
        double gamma = within ? Math.Min((run.Options.SChurn ?? 0) / run.Steps, Math.Sqrt(2) - 1) : 0;
        float hat = sigma * (float)(gamma + 1);
        return new(hat, gamma > 0 ? run.SNoise * MathF.Sqrt(hat * hat - sigma * sigma) : 0);
    }

    /// <summary>Applies the churn before a row's evaluation.</summary>
    public SolverRow Before(SolverRow row, KRun run, int i) => row with
    {
        DrawsBefore = Noise != 0 || run.Options.DrawsUnusedNoise,
        NoiseBefore = Noise,
        AddNoise = new NoiseMix(1, run.Sigmas[i]),
    };
}

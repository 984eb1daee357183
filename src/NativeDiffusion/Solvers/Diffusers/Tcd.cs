namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// Trajectory consistency distillation: Zheng et al., arXiv:2402.19159, algorithm 4 (strategic stochastic sampling). A step jumps to a timestep s
/// below the next one and is noised back up to it; eta says how far below.
/// </summary>
internal static class Tcd
{
    private const double DefaultEta = 0.3;

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        int[] timesteps = run.Options.Timesteps is null ? Timesteps(run) : WholeTimesteps.Custom(run);
        var rows = new AlphaRow(run, run.Config.SetAlphaToOne, zeroSnr: true);
        double eta = run.Options.Eta ?? DefaultEta;
        Refusal.When(eta > 1, "eta", $"{eta} is not from 0 to 1");
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(1, [], first);
        for (int i = first; i < timesteps.Length; i++)
        {
            bool last = i == timesteps.Length - 1, draws = eta > 0 && !last;
            int t = timesteps[i], previous = last ? 0 : timesteps[i + 1];
            // In float32, as the reference: floor decides between two timesteps.
            float alphaS = rows.Alpha((int)MathF.Floor((float)(1 - eta) * previous)), alphaPrevious = rows.Alpha(previous);
            NoiseMix s = AlphaRow.Mix(alphaS);
            SolverCombination next = s.Signal * Terms.X0 + s.Noise * Terms.Eps;
            if (draws) next = MathF.Sqrt(alphaPrevious / alphaS) * next + MathF.Sqrt(1f - alphaPrevious / alphaS) * Terms.Noise;
            table.Add(rows.Noisy(run.Prediction, t, previous, next, draws));
        }

        return table.ToTable();
    }

    private static int[] Timesteps(SchedulerRun run)
    {
        int train = run.Config.NumTrainTimesteps;
        if (run.Options.OriginalInferenceSteps is { } every) return WholeTimesteps.Picked(run, [.. Enumerable.Range(0, train)], every);
        int original = run.Config.OriginalInferenceSteps;
        Refusal.When(original < 1 || original > train, "original_inference_steps", $"{original} is not from 1 to {train}");
        return WholeTimesteps.Picked(run, [.. Enumerable.Range(1, original).Select(i => i * (train / original) - 1)], original);
    }
}

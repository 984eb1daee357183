namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Latent consistency models: Luo et al., arXiv:2310.04378. The consistency function is evaluated, then noised to the next timestep.</summary>
internal static class Lcm
{
    private const double SigmaData = 0.5;

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        int[] timesteps = run.Options.Timesteps is null ? Timesteps(run) : WholeTimesteps.Custom(run);
        var rows = new AlphaRow(run, run.Config.SetAlphaToOne, zeroSnr: true);
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(1, [], first);
        for (int i = first; i < timesteps.Length; i++)
        {
            int t = timesteps[i];
            bool last = i == timesteps.Length - 1;
            int previous = last ? t : timesteps[i + 1];
            double scaled = t * run.Config.TimestepScaling, power = scaled * scaled + SigmaData * SigmaData;
            SolverCombination denoised = scaled / Math.Sqrt(power) * Terms.X0 + SigmaData * SigmaData / power * Terms.X;
            NoiseMix mix = AlphaRow.Mix(rows.Alpha(previous));
            table.Add(rows.Noisy(run.Prediction, t, previous, last ? denoised : mix.Signal * denoised + mix.Noise * Terms.Noise, draws: !last));
        }

        return table.ToTable();
    }

    private static int[] Timesteps(SchedulerRun run)
    {
        int original = run.Options.OriginalInferenceSteps ?? run.Config.OriginalInferenceSteps, train = run.Config.NumTrainTimesteps;
        Refusal.When(original < 1 || original > train, "original_inference_steps", $"{original} is not from 1 to {train}");
        return WholeTimesteps.Picked(run, [.. Enumerable.Range(1, original).Select(i => i * (train / original) - 1)], original);
    }
}

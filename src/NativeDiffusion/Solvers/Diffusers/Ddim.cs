namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Denoising diffusion implicit models: Song et al., arXiv:2010.02502, equations 12 and 16.</summary>
internal static class Ddim
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists();
        SchedulerConfig config = run.Config;
        int[] timesteps = WholeTimesteps.Spaced(run);
        var rows = new AlphaRow(run, config.SetAlphaToOne, zeroSnr: true);
        float eta = (float)(run.Options.Eta ?? 0);
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(1, [], first);
        foreach (int t in timesteps.Skip(first))
        {
            int previous = t - config.NumTrainTimesteps / run.Steps;
            float alpha = rows.Alpha(t), alphaPrevious = rows.Alpha(previous);
            // In float32, as the reference: the differences lose digits.
            float variance = (1f - alphaPrevious) / (1f - alpha) * (1f - alpha / alphaPrevious);
            float deviation = eta * MathF.Sqrt(variance);
            float direction = MathF.Sqrt(1f - alphaPrevious - deviation * deviation);
            SolverCombination next = Math.Sqrt(alphaPrevious) * Terms.X0 + direction * Terms.Eps + deviation * Terms.Noise;
            table.Add(rows.Noisy(run.Prediction, t, previous, next, draws: eta > 0));
        }

        return table.ToTable();
    }
}

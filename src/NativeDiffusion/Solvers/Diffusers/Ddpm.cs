namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Denoising diffusion probabilistic models: Ho et al., arXiv:2006.11239, equations 6 and 7.</summary>
internal static class Ddpm
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        string variance = run.Config.VarianceType ?? "fixed_small";
        if (variance is not ("fixed_small" or "fixed_small_log" or "fixed_large")) throw Refusal.Unknown(
            "variance_type", variance, "fixed_small", "fixed_small_log", "fixed_large");
        int[] timesteps = run.Options.Timesteps is null ? WholeTimesteps.Spaced(run) : WholeTimesteps.Custom(run);
        var rows = new AlphaRow(run, alphaAfterLast: true, zeroSnr: true);
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(1, [], first);
        for (int i = first; i < timesteps.Length; i++)
        {
            int t = timesteps[i], previous = i + 1 < timesteps.Length ? timesteps[i + 1] : -1;
            float alpha = rows.Alpha(t), alphaPrevious = rows.Alpha(previous);
            float current = alpha / alphaPrevious, beta = 1f - current, betaProduct = 1f - alpha, betaPrevious = 1f - alphaPrevious;
            float small = MathF.Max(betaPrevious / betaProduct * beta, 1e-20f);
            double deviation = t > 0 ? Math.Sqrt(variance == "fixed_large" ? beta : small) : 0;
            SolverCombination next = MathF.Sqrt(
                alphaPrevious) * beta / betaProduct * Terms.X0 + MathF.Sqrt(current) * betaPrevious / betaProduct * Terms.X + deviation * Terms.Noise;
            table.Add(rows.Noisy(run.Prediction, t, previous, next, draws: t > 0));
        }

        return table.ToTable();
    }
}

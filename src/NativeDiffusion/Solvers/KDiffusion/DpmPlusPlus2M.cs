namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_dpmpp_2m: DPM-Solver++(2M), arXiv:2211.01095 algorithm 2.</summary>
internal static class DpmPlusPlus2M
{
    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        var history = new SolverHistory(1);
        for (int i = 0; i < run.Steps; i++)
        {
            float t = LogStep.T(run.Sigmas[i]), next = LogStep.T(run.Sigmas[i + 1]);
            SolverCombination denoised = Terms.X0;
            if (history.Count > 0 && run.Sigmas[i + 1] > 0)
            {
                float r = (t - LogStep.T(run.Sigmas[i - 1])) / (next - t);
                denoised = (1 + 1 / (2 * r)) * Terms.X0 - 1 / (2 * r) * history[1];
            }

            run.Add(run.Row(run.Sigmas[i], LogStep.Exponential(Terms.X, denoised, t, next)) with { StoreSlot = history.Push(), StoreX0 = 1 });
        }
    }
}

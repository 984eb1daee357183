namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_dpmpp_2m_sde: DPM-Solver++(2M) for the SDE (arXiv:2211.01095), with noise scaled by eta.</summary>
internal static class DpmPlusPlus2MSde
{
    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        bool heun = run.Options.SolverType == "heun";
        float eta = (float)run.Eta, last = 0;
        var history = new SolverHistory(1);
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            if (to == 0)
            {
                run.Add(run.Row(from, Terms.X0) with { StoreSlot = history.Push(), StoreX0 = 1 });
                continue;
            }

            float h = LogStep.T(to) - LogStep.T(from), both = -h - eta * h;
            float phi = -Float32.Expm1(both);
            SolverCombination next = to / from * Float32.Exp(-(eta * h)) * Terms.X + phi * Terms.X0;
            if (history.Count > 0) next += (heun ? phi / both + 1f : 0.5f * phi) * (h / last) * (Terms.X0 - history[1]);
            SolverRow row = eta > 0
                ? run.Noisy(from, next + to * MathF.Sqrt(-Float32.Expm1(-2f * (eta * h))) * run.SNoise * Terms.Noise, from, to)
                : run.Row(from, next);
            run.Add(row with { StoreSlot = history.Push(), StoreX0 = 1 });
            last = h;
        }
    }
}

namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_dpmpp_3m_sde: a third-order multistep like DPM-Solver++ (arXiv:2211.01095) for the SDE, with noise scaled by eta.</summary>
internal static class DpmPlusPlus3MSde
{
    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        float eta = (float)run.Eta, h1 = 0, h2 = 0;
        var history = new SolverHistory(2);
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            if (to == 0)
            {
                run.Add(run.Row(from, Terms.X0) with { StoreSlot = history.Push(), StoreX0 = 1 });
                continue;
            }

            float h = LogStep.T(to) - LogStep.T(from), both = h * (eta + 1f);
            SolverCombination next = Float32.Exp(-both) * Terms.X - Float32.Expm1(-both) * Terms.X0;
            float phi2 = Float32.Expm1(-both) / both + 1f;
            if (history.Count == 1) next += phi2 * (h / h1) * (Terms.X0 - history[1]);
            if (history.Count == 2)
            {
                float r0 = h1 / h, r1 = h2 / h, phi3 = phi2 / both - 0.5f;
                SolverCombination d10 = 1 / r0 * (Terms.X0 - history[1]), d11 = 1 / r1 * (history[1] - history[2]);
                SolverCombination d1 = d10 + r0 / (r0 + r1) * (d10 - d11), d2 = 1 / (r0 + r1) * (d10 - d11);
                next = next + phi2 * d1 - phi3 * d2;
            }

            SolverRow row = eta > 0
                ? run.Noisy(from, next + to * MathF.Sqrt(-Float32.Expm1(-2f * h * eta)) * run.SNoise * Terms.Noise, from, to)
                : run.Row(from, next);
            run.Add(row with { StoreSlot = history.Push(), StoreX0 = 1 });
            (h2, h1) = (h1, h);
        }
    }
}

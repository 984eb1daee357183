namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>DPM-Solver-2 (arXiv:2206.00927) with its second evaluation at the geometric mean of two levels, and its ancestral form.</summary>
internal static class Dpm2Sampler
{
    /// <summary>sample_dpm_2.</summary>
    public static void Write(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            Churn churn = Churn.Of(run, i);
            float to = run.Sigmas[i + 1];
            if (to == 0) run.Add(churn.Before(run.Row(churn.Hat, Terms.X + (to - churn.Hat) * Terms.Eps), run, i));
            else Pair(run, churn.Hat, to, first => churn.Before(first, run, i), second => second);
        }
    }

    /// <summary>sample_dpm_2_ancestral.</summary>
    public static void WriteAncestral(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            AncestralStep step = AncestralStep.Between(from, to, run.Eta);
            if (step.Down == 0) run.Add(run.Row(from, Terms.X - from * Terms.Eps));
            else Pair(run, from, (float)step.Down, first => first, second => second with
            {
                Next = second.Next + run.SNoise * step.Up * Terms.Noise,
                DrawsAfter = true,
                NoiseFrom = from,
                NoiseTo = to,
            });
        }
    }

    private static void Pair(KRun run, float from, float to, Func<SolverRow, SolverRow> first, Func<SolverRow, SolverRow> second)
    {
        float high = Float32.Log(from), low = Float32.Log(to);
        float mid = Float32.Exp(low - (low - high) * 0.5f);
        run.Add(first(run.Row(from, Terms.X + (mid - from) * Terms.Eps)) with { Save = Terms.X, EndsStep = false });
        run.Add(second(run.Row(mid, Terms.Saved + (to - from) * Terms.Eps)));
    }
}

namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>Euler's method (Karras et al., arXiv:2206.00364, algorithm 2 without its correction) and its ancestral form.</summary>
internal static class EulerSampler
{
    /// <summary>sample_euler.</summary>
    public static void Write(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            Churn churn = Churn.Of(run, i);
            float dt = run.Sigmas[i + 1] - churn.Hat;
            run.Add(churn.Before(run.Row(churn.Hat, Terms.X + dt * Terms.Eps), run, i));
        }
    }

    /// <summary>sample_euler_ancestral.</summary>
    public static void WriteAncestral(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            AncestralStep step = AncestralStep.Between(from, to, run.Eta);
            float dt = (float)step.Down - from;
            SolverCombination next = Terms.X + dt * Terms.Eps;
            run.Add(to > 0 ? run.Noisy(from, next + run.SNoise * step.Up * Terms.Noise, from, to) : run.Row(from, next));
        }
    }
}

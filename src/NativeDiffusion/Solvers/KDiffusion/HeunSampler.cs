namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_heun: Karras et al., arXiv:2206.00364, algorithm 2. The last step, to zero, is Euler's.</summary>
internal static class HeunSampler
{
    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            Churn churn = Churn.Of(run, i);
            float to = run.Sigmas[i + 1], dt = to - churn.Hat;
            SolverRow first = churn.Before(run.Row(churn.Hat, Terms.X + dt * Terms.Eps), run, i);
            if (to == 0)
            {
                run.Add(first);
                continue;
            }

            run.Add(first with { Save = Terms.X + dt / 2 * Terms.Eps, EndsStep = false });
            run.Add(run.Row(to, Terms.Saved + dt / 2 * Terms.Eps));
        }
    }
}

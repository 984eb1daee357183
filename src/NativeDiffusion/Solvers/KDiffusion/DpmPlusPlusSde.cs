namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_dpmpp_sde: DPM-Solver++ of second order for the SDE, with noise after both evaluations (arXiv:2211.01095).</summary>
internal static class DpmPlusPlusSde
{
    private const double DefaultR = 0.5;

    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        float r = (float)(run.Options.R ?? DefaultR);
        double share = 1 / (2.0 * (run.Options.R ?? DefaultR));
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            if (to == 0)
            {
                run.Add(run.Row(from, Terms.X - from * Terms.Eps));
                continue;
            }

            float t = LogStep.T(from), next = LogStep.T(to), s = t + (next - t) * r;
            AncestralStep half = AncestralStep.Between(LogStep.Sigma(t), LogStep.Sigma(s), run.Eta);
            AncestralStep whole = AncestralStep.Between(LogStep.Sigma(t), LogStep.Sigma(next), run.Eta);
            float halfDown = LogStep.T((float)half.Down), wholeDown = LogStep.T((float)whole.Down);

            // The whole step from x with this x0's share; the second evaluation adds its own.
            SolverCombination first = LogStep.Exponential(Terms.X, (1 - share) * Terms.X0, t, wholeDown);
            SolverCombination second = LogStep.Exponential(default, share * Terms.X0, t, wholeDown);
            SolverCombination middle = LogStep.Exponential(Terms.X, Terms.X0, t, halfDown) + run.SNoise * half.Up * Terms.Noise;
            run.Add(run.Noisy(from, middle, LogStep.Sigma(t), LogStep.Sigma(s)) with { Save = first, EndsStep = false });
            run.Add(run.Noisy(LogStep.Sigma(s), Terms.Saved + second + run.SNoise * whole.Up * Terms.Noise, LogStep.Sigma(t), LogStep.Sigma(next)));
        }
    }
}

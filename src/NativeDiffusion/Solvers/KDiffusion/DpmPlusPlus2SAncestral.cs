namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_dpmpp_2s_ancestral: DPM-Solver++(2S), arXiv:2211.01095 algorithm 1, to a lower level and up again with noise.</summary>
internal static class DpmPlusPlus2SAncestral
{
    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        for (int i = 0; i < run.Steps; i++)
        {
            float from = run.Sigmas[i], to = run.Sigmas[i + 1];
            AncestralStep step = AncestralStep.Between(from, to, run.Eta);
            SolverRow end;
            if (step.Down == 0) end = run.Row(from, Terms.X - from * Terms.Eps);
            else
            {
                float t = LogStep.T(from), next = LogStep.T((float)step.Down), s = t + 0.5f * (next - t);
                run.Add(run.Row(from, LogStep.Exponential(Terms.X, Terms.X0, t, s)) with { Save = Terms.X, EndsStep = false });
                end = run.Row(LogStep.Sigma(s), LogStep.Exponential(Terms.Saved, Terms.X0, t, next));
            }

            run.Add(to > 0 ? end with { Next = end.Next + run.SNoise * step.Up * Terms.Noise, DrawsAfter = true, NoiseFrom = from, NoiseTo = to } : end);
        }
    }
}

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// DPM-Solver and DPM-Solver++ in their multistep form, with and without noise: Lu et al., arXiv:2206.00927 and arXiv:2211.01095.
/// h is a step in λ; m0, m1, m2 are the current and the last two evaluations (x0 for the "++" forms, ε for the others);
/// D0, D1, D2 are their divided differences.
/// </summary>
internal static class DpmSolverMultistep
{
    // Below this number of steps the last ones are of lower order, for stability.
    private const int FewSteps = 15;

    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        SchedulerConfig config = run.Config;
        DpmSolverForm form = DpmSolverForm.Of(config, allowSdeDpmSolver: true);
        Refusal.When(config.SolverOrder is < 1 or > 3, "solver_order", $"{config.SolverOrder} is not one of 1, 2, 3");
        Refusal.When(
            form is { Noisy: true, PlusPlus: false }
            && config.SolverOrder == 3, "solver_order", "3 does not exist for algorithm_type sde-dpmsolver; choose 1 or 2");
        SigmaList list = MultistepSigmas.DpmSolver(run, run.Schedule(zeroSnr: true, keepLastFinite: true));
        VpLevel[] level = [.. list.Sigmas.Select(sigma => new VpLevel(sigma))];
        int steps = list.Timesteps.Length, first = run.FirstStep();
        bool few = config.LowerOrderFinal && steps < FewSteps;
        SolverTableBuilder table = run.Table(1, list.Sigmas, first);
        var history = new SolverHistory(config.SolverOrder - 1);
        for (int i = first; i < steps; i++)
        {
            bool last = i == steps - 1 && (config.EulerAtFinal || few || config.FinalSigmasType == "zero");
            bool secondLast = i == steps - 2 && few;
            int order = last ? 1 : Math.Min(secondLast ? 2 : config.SolverOrder, history.Count + 1);
            VpLevel t = level[i + 1], s0 = level[i];
            float h = t.Lambda - s0.Lambda;
            SolverCombination m0 = form.Output, d1 = default, d2 = default;
            if (order == 2) d1 = h / (s0.Lambda - level[i - 1].Lambda) * (m0 - history[1]);
            if (order == 3)
            {
                float r0 = (s0.Lambda - level[i - 1].Lambda) / h, r1 = (level[i - 1].Lambda - level[i - 2].Lambda) / h;
                SolverCombination d10 = 1f / r0 * (m0 - history[1]), d11 = 1f / r1 * (history[1] - history[2]);
                d1 = d10 + r0 / (r0 + r1) * (d10 - d11);
                d2 = 1f / (r0 + r1) * (d10 - d11);
            }

            SolverCombination next = order < 3 ? form.Second(Terms.X, s0, t, h, m0, d1) : form.Third(Terms.X, s0, t, h, m0, d1, d2);
            table.Add(
                VpRow.Make(run.Prediction, list, i, form, next) with { StoreSlot = history.Push(), StoreX0 = form.Output.X0, StoreEps = form.Output.Eps });
        }

        return table.ToTable();
    }
}

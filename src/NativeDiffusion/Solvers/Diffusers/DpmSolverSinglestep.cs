namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// DPM-Solver and DPM-Solver++ in their singlestep form: groups of one, two or three evaluations restart from the x at the start of the group
/// (arXiv:2206.00927 and arXiv:2211.01095). One step() of diffusers, and one row here, is one evaluation, whose order rises within the group.
/// </summary>
internal static class DpmSolverSinglestep
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists(timesteps: false);
        SchedulerConfig config = run.Config;
        DpmSolverForm form = DpmSolverForm.Of(config, allowSdeDpmSolver: false);
        Refusal.When(config.SolverOrder is < 1 or > 3, "solver_order", $"{config.SolverOrder} is not one of 1, 2, 3");
        SigmaList list = MultistepSigmas.Singlestep(run, run.Schedule(zeroSnr: false));
        VpLevel[] level = [.. list.Sigmas.Select(sigma => new VpLevel(sigma))];
        int[] orders = Orders(config, list.Timesteps.Length);
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(1, list.Sigmas, first);
        var history = new SolverHistory(config.SolverOrder - 1);
        for (int i = first; i < list.Timesteps.Length; i++)
        {
            int order = Math.Min(orders[i], history.Count + 1);
            VpLevel t = level[i + 1], start = level[i - (order - 1)];
            float h = t.Lambda - start.Lambda;
            SolverCombination x = order == 1 ? Terms.X : Terms.Saved, m0 = form.Output;
            SolverCombination next;
            if (order == 1) next = form.Second(x, start, t, h, m0, default);
            else if (order == 2)
            {
                float r0 = (level[i].Lambda - start.Lambda) / h;
                next = form.Second(x, start, t, h, history[1], 1f / r0 * (m0 - history[1]));
            }
            else
            {
                float r0 = (level[i].Lambda - start.Lambda) / h, r1 = (level[i - 1].Lambda - start.Lambda) / h;
                SolverCombination d10 = 1f / r1 * (history[1] - history[2]), d11 = 1f / r0 * (m0 - history[2]);
                SolverCombination d1 = 1f / (r0 - r1) * (r0 * d10 - r1 * d11), d2 = 2f / (r0 - r1) * (d11 - d10);
                next = form.Heun ? form.Third(x, start, t, h, history[2], d1, d2) : form.Third(x, start, t, h, history[2], d11, default);
            }

            table.Add(VpRow.Make(run.Prediction, list, i, form, next) with
            {
                Save = x,
                StoreSlot = history.Push(),
                StoreX0 = form.Output.X0,
                StoreEps = form.Output.Eps,
            });
        }

        return table.ToTable();
    }

    // The order of each evaluation. An uneven number of steps, and a final sigma of zero, need lower orders at the end.
    private static int[] Orders(SchedulerConfig config, int steps)
    {
        int order = config.SolverOrder;
        bool zero = config.FinalSigmasType == "zero";
        bool lowerFinal = config.LowerOrderFinal || steps % order != 0 || zero;
        int[] orders = [.. Enumerable.Range(0, steps).Select(i => i % order + 1)];
        if (lowerFinal && order > 1 && steps % order == 0)
        {
            // The last group is replaced by one of lower order and a single step: 1 2 3 becomes 1 2 1, and 1 2 becomes 1 1.
            orders[^1] = 1;
        }

        if (zero) orders[^1] = 1;
        return orders;
    }
}

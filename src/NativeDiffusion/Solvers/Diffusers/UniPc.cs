namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// UniPC: Zhao et al., arXiv:2302.04867. A row corrects the current x with its prediction (UniC), from the previous x, and then predicts the
/// next one from the corrected x (UniP); the corrected x is saved.
/// </summary>
internal static class UniPc
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists();
        SchedulerConfig config = run.Config;
        Refusal.When(
            config.SolverOrder is < 1 or > SolverTable.HistorySlots, "solver_order", $"{config.SolverOrder} is not from 1 to {SolverTable.HistorySlots}");
        bool bh1 = config.SolverType == "bh1";
        if (!bh1 && config.SolverType is not ("bh2" or "midpoint" or "heun" or "logrho")) throw Refusal.Unknown("solver_type", config.SolverType, "bh1", "bh2");
        SigmaList list = MultistepSigmas.Repeating(run, run.Schedule(zeroSnr: true, keepLastFinite: true), config.FinalSigmasType);
        var form = new UniPcForm([.. list.Sigmas.Select(sigma => new VpLevel(sigma))], config.PredictX0, bh1);
        int steps = list.Timesteps.Length, first = run.FirstStep(), order = 0;
        SolverTableBuilder table = run.Table(1, list.Sigmas, first);
        var history = new SolverHistory(config.SolverOrder);
        for (int i = first; i < steps; i++)
        {
            SolverCombination model = config.PredictX0 ? Terms.X0 : Terms.Eps, x = Terms.X;
            if (i > first && !config.DisableCorrector.Contains(i - 1)) x = form.Correct(i - 1, order, Terms.Saved, history, model);
            order = Math.Min(config.LowerOrderFinal ? Math.Min(config.SolverOrder, steps - i) : config.SolverOrder, i - first + 1);
            SolverCombination next = form.Predict(i, order, x, history, model);
            table.Add(VpRow.Make(run.Prediction, list, i, null, next) with { Save = x, StoreSlot = history.Push(), StoreX0 = model.X0, StoreEps = model.Eps });
        }

        return table.ToTable();
    }
}

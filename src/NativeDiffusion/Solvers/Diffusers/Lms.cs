namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Linear multistep (Adams-Bashforth with unequal steps) on the probability flow, as in Katherine Crowson's sampler, in diffusers' form.</summary>
internal static class Lms
{
    /// <summary>Creates the table.</summary>
    public static SolverTable Table(SchedulerRun run)
    {
        run.RefuseLists();
        Refusal.When(
            run.Options.LmsOrder is < 1 or > SolverTable.HistorySlots + 1, "order", $"{run.Options.LmsOrder} is not from 1 to {SolverTable.HistorySlots + 1}");
        SigmaList list = FractionalSigmas.Spread(run, run.Schedule(zeroSnr: false));
        int first = run.FirstStep();
        SolverTableBuilder table = run.Table(VeRow.InitNoiseScale(run, list.Sigmas), list.Sigmas, first);
        var history = new SolverHistory(run.Options.LmsOrder - 1);
        for (int i = first; i < list.Timesteps.Length; i++)
        {
            // The order counts from the schedule's beginning, even if sampling starts later: then the oldest coefficients have no derivative.
            double[] coefficients = LagrangeIntegral.Coefficients(list.Sigmas, i, Math.Min(i + 1, run.Options.LmsOrder));
            SolverCombination next = Terms.X + coefficients[0] * Terms.Eps;
            for (int age = 1; age < Math.Min(coefficients.Length, history.Count + 1); age++) next += coefficients[age] * history[age];
            table.Add(VeRow.Make(run.Prediction, list.Sigmas[i], list.Timesteps[i], next) with { StoreSlot = history.Push(), StoreEps = 1 });
        }

        return table.ToTable();
    }
}

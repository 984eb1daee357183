namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>sample_lms: linear multistep with unequal steps over the derivative, which is ε.</summary>
internal static class LmsSampler
{
    private const int DefaultOrder = 4;

    /// <summary>Creates the rows.</summary>
    public static void Write(KRun run)
    {
        int order = run.Options.Order ?? DefaultOrder;
        double[] sigmas = [.. run.Sigmas.Select(sigma => (double)sigma)];
        var history = new SolverHistory(order - 1);
        for (int i = 0; i < run.Steps; i++)
        {
            double[] coefficients = LagrangeIntegral.Coefficients(sigmas, i, Math.Min(i + 1, order));
            SolverCombination next = Terms.X + coefficients[0] * Terms.Eps;
            for (int age = 1; age < coefficients.Length; age++) next += coefficients[age] * history[age];
            run.Add(run.Row(run.Sigmas[i], next) with { StoreSlot = history.Push(), StoreEps = 1 });
        }
    }
}

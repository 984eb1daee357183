using NativeDiffusion.Solvers;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>
/// A solver's row on one element, in decimal (28 digits), since the operation itself computes in double: m = Σ w·prediction, x0 and ε from x and m,
/// then the row's sums. Naive on purpose: do not optimise.
/// </summary>
internal static class SolverStepReference
{
    /// <returns>The new x, the new saved x, x0, and what the slot takes.</returns>
    public static (decimal X, decimal Saved, decimal X0, decimal Stored) Forward(
        SolverRow row, decimal x, decimal saved, decimal[] slots, decimal noise, decimal[] predictions, double[] weights, decimal rescale)
    {
        decimal m = 0;
        for (int k = 0; k < weights.Length; k++)
            m += (decimal)weights[k] * predictions[k];
        m *= rescale;
        decimal x0 = ((decimal)row.Prediction.X0FromX * x) + ((decimal)row.Prediction.X0FromModel * m);
        decimal eps = ((decimal)row.Prediction.EpsFromX * x) + ((decimal)row.Prediction.EpsFromModel * m);
        return (Sum(row.Next), Sum(row.Save), x0, ((decimal)row.StoreX0 * x0) + ((decimal)row.StoreEps * eps));

        decimal Sum(SolverCombination terms) =>
            ((decimal)terms.X * x) + ((decimal)terms.Saved * saved) + ((decimal)terms.X0 * x0) + ((decimal)terms.Eps * eps)
            + ((decimal)terms.Slot0 * slots[0]) + ((decimal)terms.Slot1 * slots[1]) + ((decimal)terms.Slot2 * slots[2]) + ((decimal)terms.Slot3 * slots[3])
            + ((decimal)terms.Noise * noise);
    }
}

namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>UniPC's predictor and corrector as combinations: arXiv:2302.04867, algorithms 1 and 2 (data prediction: appendix).</summary>
/// <param name="level">The levels of the run.</param>
/// <param name="predictX0">Whether x0 is integrated instead of ε.</param>
/// <param name="bh1">Whether B(h) is h instead of e^h - 1.</param>
internal sealed class UniPcForm(VpLevel[] level, bool predictX0, bool bh1)
{
    /// <summary>UniP: from x at level s to level s + 1.</summary>
    /// <param name="s">The level of x.</param>
    /// <param name="order">The number of evaluations used, the current one included.</param>
    /// <param name="x">The corrected x.</param>
    /// <param name="history">Past evaluations; 1 is that at level s - 1.</param>
    /// <param name="m0">The evaluation at level s.</param>
    public SolverCombination Predict(int s, int order, SolverCombination x, SolverHistory history, SolverCombination m0)
    {
        (double[] ratios, double h) = Ratios(s, order);
        SolverCombination result = Linear(s, x, m0);
        if (order == 1) return result;
        double[] rho = order == 2 ? [0.5] : Weights(ratios[..^1], h);
        for (int k = 0; k < order - 1; k++) result -= Scale(s, h) * rho[k] / ratios[k] * (history[k + 1] - m0);
        return result;
    }

    /// <summary>UniC: from x at level s to level s + 1, with the evaluation made there.</summary>
    /// <param name="s">The starting level of the step.</param>
    /// <param name="order">The order of the step.</param>
    /// <param name="x">The x at level s.</param>
    /// <param name="history">Past evaluations; 1 is that at level s.</param>
    /// <param name="model">The evaluation at level s + 1.</param>
    public SolverCombination Correct(int s, int order, SolverCombination x, SolverHistory history, SolverCombination model)
    {
        (double[] ratios, double h) = Ratios(s, order);
        SolverCombination m0 = history[1], result = Linear(s, x, m0);
        double[] rho = order == 1 ? [0.5] : Weights(ratios, h);
        for (int k = 0; k < order - 1; k++) result -= Scale(s, h) * rho[k] / ratios[k] * (history[k + 2] - m0);
        return result - Scale(s, h) * rho[^1] * (model - m0);
    }

    // The exact solution for a constant model.
    private SolverCombination Linear(int s, SolverCombination x, SolverCombination m0)
    {
        VpLevel from = level[s], to = level[s + 1];
        double h = to.Lambda - from.Lambda;
        return predictX0
            ? to.Sigma / from.Sigma * x - to.Alpha * (Elementary.Exp(-h) - 1) * m0
            : to.Alpha / from.Alpha * x - to.Sigma * (Elementary.Exp(h) - 1) * m0;
    }

    // The earlier levels' distances from level s in units of the step, and 1 for the step's end.
    private (double[] Ratios, double H) Ratios(int s, int order)
    {
        double h = level[s + 1].Lambda - level[s].Lambda;
        double[] ratios = new double[order];
        for (int k = 0; k < order - 1; k++) ratios[k] = (level[s - k - 1].Lambda - level[s].Lambda) / h;
        ratios[^1] = 1;
        return (ratios, predictX0 ? -h : h);
    }

    private double Scale(int s, double hh) => (predictX0 ? level[s + 1].Alpha : level[s + 1].Sigma) * B(hh);

    private double B(double hh) => bh1 ? hh : Elementary.Exp(hh) - 1;

    // Solves Σ ρ_k r_k^n = n!·φ_{n+1}(hh)·… / B(hh), n = 0, 1, …: the order conditions.
    private double[] Weights(double[] ratios, double hh)
    {
        int n = ratios.Length;
        double[,] matrix = new double[n, n + 1];
        double phi = (Elementary.Exp(hh) - 1) / hh - 1, factorial = 1;
        for (int row = 0; row < n; row++)
        {
            for (int k = 0; k < n; k++) matrix[row, k] = row == 0 ? 1 : matrix[row - 1, k] * ratios[k];
            matrix[row, n] = phi * factorial / B(hh);
            factorial *= row + 2;
            phi = phi / hh - 1 / factorial;
        }

        return LinearSystem.Solve(matrix);
    }
}

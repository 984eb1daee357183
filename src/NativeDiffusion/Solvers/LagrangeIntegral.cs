namespace NativeDiffusion.Solvers;

/// <summary>The integrals over a step of the Lagrange polynomials through the last few levels: the coefficients of linear multistep.</summary>
internal static class LagrangeIntegral
{
    // Three Gauss-Legendre points are exact to the fifth degree; these polynomials have at most the fourth.
    private static readonly double s_point = Math.Sqrt(0.6);

    /// <summary>Coefficient j belongs to the derivative j steps ago.</summary>
    /// <param name="sigmas">The noise levels (sigmas).</param>
    /// <param name="i">The step from level i to level i + 1.</param>
    /// <param name="order">The number of levels, i, i - 1, …, of the polynomial.</param>
    public static double[] Coefficients(IReadOnlyList<double> sigmas, int i, int order)
    {
        double middle = (sigmas[i] + sigmas[i + 1]) / 2, half = (sigmas[i + 1] - sigmas[i]) / 2;
        double[] coefficients = new double[order];
        for (int j = 0; j < order; j++)
            coefficients[j] = half * (5 * Basis(middle - half * s_point, j) + 8 * Basis(middle, j) + 5 * Basis(middle + half * s_point, j)) / 9;
        return coefficients;

        double Basis(double tau, int j)
        {
            double product = 1;
            for (int k = 0; k < order; k++)
                if (k != j) product *= (tau - sigmas[i - k]) / (sigmas[i - j] - sigmas[i - k]);
            return product;
        }
    }
}

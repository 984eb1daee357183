namespace NativeDiffusion.Solvers;

/// <summary>Noise levels between two ends, descending, without the final zero, in double, as in diffusers.</summary>
internal static class SigmaSpacing
{
    /// <summary>Even in σ^(1/7): Karras et al., arXiv:2206.00364, equation 5.</summary>
    public static double[] Karras(double sigmaMin, double sigmaMax, int steps, double rho = 7)
    {
        double low = Elementary.Pow(sigmaMin, 1 / rho), high = Elementary.Pow(sigmaMax, 1 / rho);
        return Array.ConvertAll(Linspace.Doubles(0, 1, steps), ramp => Elementary.Pow(high + ramp * (low - high), rho));
    }

    /// <summary>Even in ln σ.</summary>
    public static double[] Exponential(double sigmaMin, double sigmaMax, int steps) =>
        Array.ConvertAll(Linspace.Doubles(Elementary.Log(sigmaMax), Elementary.Log(sigmaMin), steps), Elementary.Exp);

    /// <summary>Even in λ = -ln σ: Lu et al., arXiv:2206.00927. The ends are the logarithms themselves.</summary>
    public static double[] Lu(double logSigmaMin, double logSigmaMax, int steps) =>
        Array.ConvertAll(Linspace.Doubles(0, 1, steps), ramp => Elementary.Exp(logSigmaMax + ramp * (logSigmaMin - logSigmaMax)));

    /// <summary>Quantiles of a beta distribution: arXiv:2407.12173.</summary>
    public static double[] Beta(double sigmaMin, double sigmaMax, int steps, double alpha = 0.6, double beta = 0.6) =>
        Array.ConvertAll(Linspace.Doubles(0, 1, steps), x => sigmaMin + BetaDistribution.Quantile(1 - x, alpha, beta) * (sigmaMax - sigmaMin));
}

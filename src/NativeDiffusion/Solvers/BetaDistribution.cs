namespace NativeDiffusion.Solvers;

/// <summary>The quantiles of a beta distribution, that is the inverse of the regularised incomplete beta function I(x; a, b).</summary>
internal static class BetaDistribution
{
    /// <summary>The x at which I(x; a, b) is the probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    /// <param name="a">Above zero.</param>
    /// <param name="b">Above zero.</param>
    public static double Quantile(double probability, double a, double b)
    {
        if (probability <= 0) return 0;
        if (probability >= 1) return 1;

        // Newton's method, safeguarded by bisection: both ends of the density may be poles.
        double low = 0, high = 1, x = 0.5;
        double logBeta = LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        for (int i = 0; i < 200; i++)
        {
            double error = Cumulative(x, a, b, logBeta) - probability;
            if (error > 0) high = x;
            else low = x;
            double density = Elementary.Exp((a - 1) * Elementary.Log(x) + (b - 1) * Elementary.Log(1 - x) - logBeta);
            double next = x - error / density;
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (Math.Abs(next - x) <= 1e-16 * next) return next;
            x = next;
        }

        return x;
    }

    /// <summary>I(x; a, b) by the power series of the incomplete beta function, on the side where it converges fast.</summary>
    private static double Cumulative(double x, double a, double b, double logBeta) =>
        x <= 0.5 ? Series(x, a, b, logBeta) : 1 - Series(1 - x, b, a, logBeta);

    // I(x; a, b) = x^a / B(a, b) · Σ (1-b)(2-b)…(n-b) / (n! (a+n)) · x^n.
    private static double Series(double x, double a, double b, double logBeta)
    {
        double term = 1, sum = 1 / a;
        for (int n = 1; n < 2000; n++)
        {
            term *= (n - b) / n * x;
            double addend = term / (a + n);
            sum += addend;
            if (Math.Abs(addend) < 1e-18 * sum) break;
        }

        return Elementary.Exp(a * Elementary.Log(x) - logBeta) * sum;
    }

    // Stirling's series after shifting the argument above 15: twelve digits and more.
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 15; x++) shift -= Elementary.Log(x);
        double inverse = 1 / x, square = inverse * inverse;
        double correction = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188)))));
        return shift + (x - 0.5) * Elementary.Log(x) - x + 0.5 * Elementary.Log(2 * Math.PI) + correction;
    }
}

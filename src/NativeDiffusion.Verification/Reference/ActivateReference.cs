using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>An activation of rows in double; GEGLU: the first half of a row times GELU of the second. Naive on purpose: do not optimise.</summary>
internal static class ActivateReference
{
    public static double[] Forward(ReadOnlySpan<float> x, int rows, int channels, Activation activation)
    {
        int width = activation == Activation.GeGlu ? channels / 2 : channels;
        var y = new double[rows * width];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < width; c++)
            {
                double value = x[(r * channels) + c];
                y[(r * width) + c] = activation == Activation.GeGlu
                    ? value * Forward(x[(r * channels) + width + c], activation) : Forward(value, activation);
            }
        }

        return y;
    }

    public static double Forward(double x, Activation activation) => activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.QuickGelu => x / (1 + Math.Exp(-1.702 * x)),
        Activation.Gelu or Activation.GeGlu => x * 0.5 * Erfc(-x / Math.Sqrt(2)),
        _ => x,
    };

    /// <summary>
    /// erfc(z) = 2/√π ∫ from z to ∞ of e^(-t²) dt: the series of erf for small |z|, the continued fraction of erfc beyond (Abramowitz and Stegun
    /// 7.1.6, 7.1.14).
    /// </summary>
    public static double Erfc(double z)
    {
        if (z < 0)
            return 2 - Erfc(-z);
        if (z < 2)
        {
            double term = z, sum = z;
            for (int n = 1; n < 100; n++)
            {
                term *= 2 * z * z / ((2 * n) + 1);
                sum += term;
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * Math.Exp(-z * z) * sum);
        }

        double fraction = z;
        for (int n = 100; n >= 1; n--)
            fraction = z + (n / 2.0 / fraction);
        return Math.Exp(-z * z) / Math.Sqrt(Math.PI) / fraction;
    }
}

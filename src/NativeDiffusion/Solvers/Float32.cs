namespace NativeDiffusion.Solvers;

/// <summary>Elementary functions of float32 numbers, computed in double and rounded once: correctly rounded in practice, on every machine.</summary>
internal static class Float32
{
    /// <summary>Natural logarithm.</summary>
    public static float Log(float x) => (float)Elementary.Log(x);

    /// <summary>Exponential.</summary>
    public static float Exp(float x) => (float)Elementary.Exp(x);

    /// <summary>Power.</summary>
    public static float Pow(float x, float exponent) => (float)Elementary.Pow(x, exponent);

    /// <summary>e^x - 1.</summary>
    public static float Expm1(float x) => MathF.Abs(x) < 1e-4f ? (float)(x + 0.5 * x * x) : (float)(Elementary.Exp(x) - 1);
}

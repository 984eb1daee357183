namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>k-diffusion's t = -ln σ and back, in float32.</summary>
internal static class LogStep
{
    /// <summary>t of a level; infinite at 0.</summary>
    public static float T(float sigma) => -Float32.Log(sigma);

    /// <summary>The level of a t.</summary>
    public static float Sigma(float t) => Float32.Exp(-t);

    /// <summary>DPM-Solver++'s step (arXiv:2211.01095, equation 9): exact for an x0 that does not change between t and to.</summary>
    public static SolverCombination Exponential(SolverCombination x, SolverCombination x0, float t, float to) =>
        Sigma(to) / Sigma(t) * x - Float32.Expm1(t - to) * x0;
}

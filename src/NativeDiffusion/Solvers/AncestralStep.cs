namespace NativeDiffusion.Solvers;

/// <summary>
/// The split of an ancestral step: down below the next level without noise, then up to it with new noise
/// (DDPM's reverse process in the variance-exploding form; k-diffusion's get_ancestral_step). Computed in float32, because the difference of two
/// squares loses digits there, and the result must match the reference.
/// </summary>
/// <param name="Down">The level to step down to.</param>
/// <param name="Up">The deviation of the noise that is added.</param>
internal readonly record struct AncestralStep(double Down, double Up)
{
    /// <summary>Splits a step.</summary>
    /// <param name="from">The current level.</param>
    /// <param name="to">The next level.</param>
    /// <param name="eta">The share of noise: 1 for all of it, 0 for none.</param>
    public static AncestralStep Between(double from, double to, double eta = 1)
    {
        if (eta == 0) return new(to, 0);
        float low = (float)to, low2 = low * low, high2 = (float)from * (float)from;
        float up = MathF.Min(low, (float)eta * MathF.Sqrt(low2 * (high2 - low2) / high2));
        return new(MathF.Sqrt(low2 - up * up), up);
    }
}

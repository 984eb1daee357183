namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>Noise levels (one more than steps, as float32 numbers) and their timesteps.</summary>
/// <param name="Sigmas">The levels, the final one included.</param>
/// <param name="Timesteps">One for each step.</param>
internal sealed record SigmaList(double[] Sigmas, double[] Timesteps)
{
    /// <summary>Rounds levels to float32 and appends the final one.</summary>
    public static double[] Finish(IEnumerable<double> sigmas, double last) => [.. sigmas.Append(last).Select(sigma => (double)(float)sigma)];
}

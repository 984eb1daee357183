namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>
/// The timesteps of a run, as diffusers spaces them (table 2 of arXiv:2305.08891). There are three variants: the multistep solvers space one point
/// more and omit the last one; the sigma-based ones keep fractions; the others round.
/// </summary>
internal static class TimestepSpacing
{
    /// <summary>The variant of DPMSolverMultistep, UniPC and DEIS: integer timesteps out of steps + 1.</summary>
    /// <param name="spacing">linspace, leading or trailing.</param>
    /// <param name="trainTimesteps">num_train_timesteps.</param>
    /// <param name="lastTimestep">How many of them may be used (less where λ is clipped).</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="offset">steps_offset.</param>
    public static double[] Multistep(string spacing, int trainTimesteps, int lastTimestep, int steps, int offset) => spacing switch
    {
        "linspace" => [.. Linspace.Doubles(0, lastTimestep - 1, steps + 1).Select(t => Math.Round(t)).Reverse().Take(steps)],
        "leading" => [.. Enumerable.Range(0, steps + 1).Reverse().Take(steps).Select(i => (double)(i * (lastTimestep / (steps + 1)) + offset))],
        "trailing" => [.. Linspace.DownTo0(lastTimestep, (double)trainTimesteps / steps).Select(t => Math.Round(t) - 1)],
        _ => throw Unknown(spacing),
    };

    /// <summary>The variant of Euler, Heun, LMS and KDPM2: float32, fractions kept.</summary>
    public static double[] Fractional(string spacing, int trainTimesteps, int steps, int offset) => spacing switch
    {
        "linspace" => [.. Linspace.Doubles(0, trainTimesteps - 1, steps).Select(t => (double)(float)t).Reverse()],
        "leading" => [.. Enumerable.Range(0, steps).Reverse().Select(i => (double)(i * (trainTimesteps / steps) + offset))],
        "trailing" => [.. Linspace.DownTo0(trainTimesteps, (double)trainTimesteps / steps).Select(t => Math.Round(t) - 1)],
        _ => throw Unknown(spacing),
    };

    /// <summary>The variant of DDIM, DDPM and PNDM: rounded, out of exactly the number of steps.</summary>
    public static int[] Whole(string spacing, int trainTimesteps, int steps, int offset) => spacing switch
    {
        "linspace" => [.. Linspace.Doubles(0, trainTimesteps - 1, steps).Select(t => (int)Math.Round(t)).Reverse()],
        "leading" or "trailing" => [.. Fractional(spacing, trainTimesteps, steps, offset).Select(t => (int)t)],
        _ => throw Unknown(spacing),
    };

    private static ArgumentException Unknown(string spacing) => Refusal.Unknown("timestep_spacing", spacing, "linspace", "leading", "trailing");
}

namespace NativeDiffusion.Solvers;

/// <summary>
/// The noise levels of k-diffusion, A1111 and ComfyUI, descending, the final zero included, as float32 numbers and computed in float32
/// where they do. All but <see cref="Uniform"/> and related ones span the ends of the training schedule.
/// </summary>
public static class KSchedules
{
    private static readonly IReadOnlyList<(string Name, Func<NoiseSchedule, int, double[]> Make)> s_schedules =
    [
        ("default", Uniform),
        ("uniform", Uniform),
        ("normal", Uniform),
        ("karras", (noise, steps) => Karras(noise.Sigmas[0], noise.Sigmas[^1], steps)),
        ("exponential", (noise, steps) => Exponential(noise.Sigmas[0], noise.Sigmas[^1], steps)),
        ("polyexponential", (noise, steps) => Polyexponential(noise.Sigmas[0], noise.Sigmas[^1], steps)),
        ("beta", (noise, steps) => Ended(SigmaSpacing.Beta(noise.Sigmas[0], noise.Sigmas[^1], steps))),
        ("sgm_uniform", SgmUniform),
        ("simple", Simple),
        ("ddim", Ddim),
        ("kl_optimal", KlOptimal),
    ];

    /// <summary>The schedules' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_schedules.Select(schedule => schedule.Name)];

    /// <summary>Creates a schedule by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="noise">The training noise levels.</param>
    /// <param name="steps">The number of steps.</param>
    /// <returns><returns>One level more than steps; the last is 0. Only <c>ddim</c> may return another number of steps than requested.</returns></returns>
    /// <exception cref="ArgumentException">The name is unknown, or the number of steps is invalid.</exception>
    public static double[] Make(string name, NoiseSchedule noise, int steps)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(noise);
        Refusal.When(steps is < 1 or > 10_001, "steps", $"{steps} is not from 1 to 10000");
        foreach ((string known, Func<NoiseSchedule, int, double[]> make) in s_schedules)
            if (known == name) return make(noise, steps);
        throw Refusal.Unknown("schedule", name, Names);
    }

    /// <summary>Even in the timestep, from the last to 0 (k-diffusion's get_sigmas).</summary>
    /// <param name="noise">The training noise levels.</param>
    /// <param name="steps">The number of steps.</param>
    public static double[] Uniform(NoiseSchedule noise, int steps)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Ended(Linspace.Floats(noise.Count - 1, 0, steps).Select(t => (double)noise.SigmaAtLogarithmic(t)));
    }

    /// <summary>Even in σ^(1/ρ): Karras et al., arXiv:2206.00364, equation 5.</summary>
    /// <param name="sigmaMin">The last level above zero.</param>
    /// <param name="sigmaMax">The first level.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="rho">ρ; 7 in the paper.</param>
    public static double[] Karras(double sigmaMin, double sigmaMax, int steps, double rho = 7)
    {
        double low = Elementary.Pow(sigmaMin, 1 / rho), high = Elementary.Pow(sigmaMax, 1 / rho);
        return Ended(Linspace.Floats(0, 1, steps).Select(ramp => (double)Float32.Pow((float)high + ramp * (float)(low - high), (float)rho)));
    }

    /// <summary>Even in ln σ.</summary>
    /// <param name="sigmaMin">The last level above zero.</param>
    /// <param name="sigmaMax">The first level.</param>
    /// <param name="steps">The number of steps.</param>
    public static double[] Exponential(double sigmaMin, double sigmaMax, int steps) =>
        Ended(Linspace.Floats((float)Elementary.Log(sigmaMax), (float)Elementary.Log(sigmaMin), steps).Select(log => (double)Float32.Exp(log)));

    /// <summary>A power of the even spacing in ln σ.</summary>
    /// <param name="sigmaMin">The last level above zero.</param>
    /// <param name="sigmaMax">The first level.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="rho">The power; 1 is the exponential schedule.</param>
    public static double[] Polyexponential(double sigmaMin, double sigmaMax, int steps, double rho = 1)
    {
        float low = (float)Elementary.Log(sigmaMin), span = (float)(Elementary.Log(sigmaMax) - Elementary.Log(sigmaMin));
        return Ended(Linspace.Floats(1, 0, steps).Select(ramp => (double)Float32.Exp(Float32.Pow(ramp, (float)rho) * span + low)));
    }

    // Even in the timestep, with one point more, which the final zero replaces.
    private static double[] SgmUniform(NoiseSchedule noise, int steps) =>
        Ended(Linspace.Floats(noise.Count - 1, 0, steps + 1).Take(steps).Select(t => (double)noise.SigmaAtLogarithmic(t)));

    // Every n-th training level, counted from the noisiest.
    private static double[] Simple(NoiseSchedule noise, int steps)
    {
        double stride = (double)noise.Count / steps;
        double[] levels = Array.ConvertAll(noise.Sigmas.ToArray(), sigma => (double)sigma);
        return Ended(Enumerable.Range(0, steps).Select(i => levels[^(1 + (int)(i * stride))]));
    }

    // Training levels 1, 1 + stride, …: DDIM's own timesteps, as many as fit.
    private static double[] Ddim(NoiseSchedule noise, int steps)
    {
        int stride = Math.Max(noise.Count / steps, 1);
        var levels = new List<double>();
        for (int i = 1; i < noise.Count; i += stride) levels.Add(noise.Sigmas[i]);
        levels.Reverse();
        return Ended(levels);
    }

    // Even in arctan σ: theorem 3.1 of arXiv:2404.14507. It ends at the last training level, followed by zero here as everywhere.
    private static double[] KlOptimal(NoiseSchedule noise, int steps)
    {
        double low = Elementary.Atan(noise.Sigmas[0]), high = Elementary.Atan(noise.Sigmas[^1]);
        return Ended(Linspace.Doubles(0, 1, steps).Select(share => Elementary.Tan(share * low + (1 - share) * high)));
    }

    private static double[] Ended(IEnumerable<double> sigmas) => [.. sigmas.Append(0).Select(sigma => (double)(float)sigma)];
}

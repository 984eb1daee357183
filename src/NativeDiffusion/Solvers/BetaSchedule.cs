namespace NativeDiffusion.Solvers;

/// <summary>The β of every training timestep, by diffusers' names, in float32.</summary>
internal static class BetaSchedule
{
    private const double LargestBeta = 0.999;

    /// <summary>The supported names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["linear", "scaled_linear", "squaredcos_cap_v2", "exp", "laplace", "sigmoid"];

    /// <summary>Computes β.</summary>
    /// <param name="name">The beta_schedule.</param>
    /// <param name="start">beta_start.</param>
    /// <param name="end">beta_end.</param>
    /// <param name="count">num_train_timesteps.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static float[] Betas(string name, double start, double end, int count)
    {
        NoiseSchedule.CheckCount(count);
        return Make(name, start, end, count);
    }

    private static float[] Make(string name, double start, double end, int count) => name switch
    {
        "linear" => Linspace.Floats((float)start, (float)end, count),
        // Latent diffusion's schedule (arXiv:2112.10752).
        "scaled_linear" => Array.ConvertAll(Linspace.Floats((float)Math.Sqrt(start), (float)Math.Sqrt(end), count), root => root * root),
        "squaredcos_cap_v2" => FromAlphaBar(count, Cosine),
        "exp" => FromAlphaBar(count, t => Elementary.Exp(t * -12)),
        "laplace" => FromAlphaBar(count, Laplace),
        "sigmoid" => Array.ConvertAll(Linspace.Floats(-6, 6, count), x => (float)(1 / (1 + Elementary.Exp(-(double)x))) * (float)(end - start) + (float)start),
        _ => throw Refusal.Unknown("beta_schedule", name, Names),
    };

    // The cosine schedule of arXiv:2102.09672.
    private static double Cosine(double t)
    {
        double root = Elementary.Cos((t + 0.008) / 1.008 * Math.PI / 2);
        return root * root;
    }

    private static double Laplace(double t)
    {
        double lambda = -0.5 * Math.CopySign(1, 0.5 - t) * Elementary.Log(1 - 2 * Math.Abs(0.5 - t) + 1e-6);
        double snr = Elementary.Exp(lambda);
        return Math.Sqrt(snr / (1 + snr));
    }

    private static float[] FromAlphaBar(int count, Func<double, double> alphaBar)
    {
        float[] betas = new float[count];
        for (int i = 0; i < count; i++)
            betas[i] = (float)Math.Min(1 - alphaBar((double)(i + 1) / count) / alphaBar((double)i / count), LargestBeta);
        return betas;
    }
}

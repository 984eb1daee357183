namespace NativeDiffusion.Randomness;

/// <summary>
/// The noise of A1111's SDE samplers for one picture: k-diffusion's BrownianTreeNoiseSampler. A step from one sigma to another receives the path's
/// increment between them, scaled to unit variance, so that any number of steps follows the same path.
/// </summary>
public sealed class BrownianNoise
{
    private readonly BrownianTree _tree;

    /// <summary>Creates the noise.</summary>
    /// <param name="origin">The source of normals.</param>
    /// <param name="seed">The picture's seed.</param>
    /// <param name="sigmaMin">The smallest positive sigma of the schedule.</param>
    /// <param name="sigmaMax">The largest sigma.</param>
    /// <param name="size">The elements of one picture's latent, or of the whole batch where one path serves it all.</param>
    /// <exception cref="ArgumentException">The sigmas are equal or not finite.</exception>
    public BrownianNoise(NoiseOrigin origin, ulong seed, float sigmaMin, float sigmaMax, int size) =>
        _tree = new BrownianTree(origin, seed, Math.Min(sigmaMin, sigmaMax), Math.Max(sigmaMin, sigmaMax), size);

    /// <summary>The noise of a step.</summary>
    /// <param name="sigma">The start of the step, as the float32 of the sampler.</param>
    /// <param name="sigmaNext">The end of the step.</param>
    /// <param name="destination">Receives one number per element; zeros for a step of no length.</param>
    /// <exception cref="ArgumentException">The length differs from the size of the noise.</exception>
    public void Sample(float sigma, float sigmaNext, Span<float> destination)
    {
        _tree.Increment(Math.Min(sigma, sigmaNext), Math.Max(sigma, sigmaNext), destination);
        if (sigma == sigmaNext) return;
        float length = MathF.Sqrt(MathF.Abs(sigmaNext - sigma));
        float sign = sigma < sigmaNext ? 1 : -1;
        for (int i = 0; i < destination.Length; i++) destination[i] = destination[i] * sign / length;
    }
}

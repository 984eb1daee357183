namespace NativeDiffusion.Randomness;

/// <summary>
/// The noise of A1111's SDE samplers for one picture: k-diffusion's BrownianTreeNoiseSampler. A step from one sigma to another gets the path's
/// increment between them, scaled to unit variance, so that fewer or more steps walk along the same path.
/// </summary>
public sealed class BrownianNoise
{
    private readonly BrownianTree _tree;

    /// <summary>Makes the noise.</summary>
    /// <param name="origin">Where normals come from.</param>
    /// <param name="seed">The picture's seed.</param>
    /// <param name="sigmaMin">The smallest positive sigma of the schedule.</param>
    /// <param name="sigmaMax">The largest sigma.</param>
    /// <param name="size">The elements of one picture's latent, or of the whole batch where one path serves it all.</param>
    /// <exception cref="ArgumentException">The sigmas are equal or not finite.</exception>
    public BrownianNoise(NoiseOrigin origin, ulong seed, float sigmaMin, float sigmaMax, int size) =>
        _tree = new BrownianTree(origin, seed, Math.Min(sigmaMin, sigmaMax), Math.Max(sigmaMin, sigmaMax), size);

    /// <summary>The noise of a step.</summary>
    /// <param name="sigma">Where the step begins, as the float32 that the sampler holds.</param>
    /// <param name="sigmaNext">Where it ends.</param>
    /// <param name="destination">Filled with one number an element; zeros for a step of no length.</param>
    /// <exception cref="ArgumentException">The length is not the size given at the start.</exception>
    public void Sample(float sigma, float sigmaNext, Span<float> destination)
    {
        _tree.Increment(Math.Min(sigma, sigmaNext), Math.Max(sigma, sigmaNext), destination);
        if (sigma == sigmaNext) return;
        float length = MathF.Sqrt(MathF.Abs(sigmaNext - sigma));
        float sign = sigma < sigmaNext ? 1 : -1;
        for (int i = 0; i < destination.Length; i++) destination[i] = destination[i] * sign / length;
    }
}

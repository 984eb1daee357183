using NativeDiffusion.Devices;
using NativeDiffusion.Randomness;

namespace NativeDiffusion.Pipelines;

/// <summary>The noises of one picture: its generator's, or a Brownian path's for SDE samplers of k-diffusion.</summary>
/// <param name="source">The picture's generator, after the draw of the initial noise.</param>
/// <param name="path">The Brownian path that replaces it; or null.</param>
internal sealed class StepNoise(INoiseSource source, BrownianNoise? path) : IStepNoise
{
    /// <inheritdoc/>
    public PhiloxKey? Philox => path is null && source is NvNoise nv ? nv.Key : null;

    /// <inheritdoc/>
    public void Draw(double from, double to, bool isUsed, Span<float> noise)
    {
        // A generator draws even if the coefficient is zero: it advances as the reference's does.
        if (path is null) source.Normal(noise);
        else if (isUsed) path.Sample((float)from, (float)to, noise);
    }
}

using NativeDiffusion.Devices;
using NativeDiffusion.Randomness;

namespace NativeDiffusion.Pipelines;

/// <summary>The noises of one picture: its generator's, or a Brownian path's for SDE samplers of k-diffusion.</summary>
/// <param name="source">The picture's generator, where the first noise has been drawn.</param>
/// <param name="path">In place of it; or null.</param>
internal sealed class StepNoise(INoiseSource source, BrownianNoise? path) : IStepNoise
{
    /// <inheritdoc/>
    public PhiloxKey? Philox => path is null && source is NvNoise nv ? nv.Key : null;

    /// <inheritdoc/>
    public void Draw(double from, double to, bool isUsed, Span<float> noise)
    {
        // A generator draws even where the coefficient is zero: the stream moves on as the reference's does.
        if (path is null) source.Normal(noise);
        else if (isUsed) path.Sample((float)from, (float)to, noise);
    }
}

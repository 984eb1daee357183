using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Pipelines;

/// <summary>Selects the solver table and the random numbers of the options.</summary>
internal static class SamplerChoice
{
    /// <summary>The solver's table.</summary>
    /// <exception cref="ArgumentException">A name or a value is unknown.</exception>
    public static SolverTable Table(GenerationOptions options, LoadedModel model)
    {
        bool fromPicture = options.InitImage is not null;
        return SolverProfiles.CreateTable(new SolverChoice
        {
            Profile = options.Profile,
            Sampler = options.Scheduler?.ClassName ?? options.Sampler,
            Schedule = options.Schedule,
            ModelScheduler = options.Scheduler ?? model.Scheduler,
            Steps = options.Steps,
            Timesteps = options.Timesteps,
            Sigmas = options.Sigmas,
            FromPicture = fromPicture,
            Strength = fromPicture ? options.Strength : 1,
            Eta = options.Eta,
            SNoise = options.SNoise,
            SChurn = options.SChurn,
            DiscardPenultimateSigma = options.DiscardPenultimateSigma,
        });
    }

    /// <summary>The random numbers of one picture.</summary>
    public static INoiseSource Noise(GenerationOptions options, ulong seed, int channels, PictureSize size)
    {
        NoiseOrigin origin = Origin(options);
        if (options.Variation is { } variation) return new A1111Noise(origin, seed, variation, channels, size.LatentHeight, size.LatentWidth);
        return options.Profile == SolverProfile.Comfy && options.Noise is null ? new ComfyNoise(seed, CudaThreads.Default) : origin.Create(seed);
    }

    /// <summary>The Brownian path of one picture where the profile's SDE samplers draw from one, else null.</summary>
    public static BrownianNoise? Brownian(GenerationOptions options, SolverTable table, ulong seed, int channels, PictureSize size)
    {
        if (options.Profile == SolverProfile.Diffusers || options.Sampler is null || !SolverProfiles.UsesBrownianNoise(options.Sampler)) return null;
        (double largest, double smallest) = table.NoiseRange;
        return new BrownianNoise(Origin(options), seed, (float)smallest, (float)largest, channels * size.LatentHeight * size.LatentWidth);
    }

    private static NoiseOrigin Origin(GenerationOptions options) => options.Noise ?? new NoiseOrigin(options.Profile switch
    {
        SolverProfile.A1111 => NoiseKind.Nv,
        _ => NoiseKind.TorchCpu,
    });
}

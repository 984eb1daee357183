using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Pipelines;

/// <summary>Which table and which random numbers the options mean.</summary>
internal static class SamplerChoice
{
    /// <summary>The solver's table.</summary>
    /// <exception cref="ArgumentException">A name is not known, or a value does not exist.</exception>
    public static SolverTable Table(GenerationOptions options, LoadedModel model)
    {
        SchedulerConfig config = options.Scheduler ?? model.Scheduler;
        return DiffusersSolvers.CreateTable(config, new SolverTableOptions
        {
            Steps = options.Steps,
            Timesteps = options.Timesteps,
            Sigmas = options.Sigmas,
            Strength = options.InitImage is null ? 1 : options.Strength,
            Eta = options.Eta,
            SNoise = options.SNoise,
        });
    }

    /// <summary>The random numbers of one picture.</summary>
    public static INoiseSource Noise(GenerationOptions options, ulong seed, int channels, PictureSize size)
    {
        NoiseOrigin origin = Origin(options);
        if (options.Variation is { } variation) return new A1111Noise(origin, seed, variation, channels, size.LatentHeight, size.LatentWidth);
        return options.Profile == SamplingProfile.Comfy && options.Noise is null ? new ComfyNoise(seed, CudaThreads.Default) : origin.Create(seed);
    }

    /// <summary>The Brownian path of one picture where the profile's SDE samplers draw from one, else null.</summary>
    public static BrownianNoise? Brownian(GenerationOptions options, SolverTable table, ulong seed, int channels, PictureSize size)
    {
        if (options.Profile == SamplingProfile.Diffusers || !table.Name.Contains("sde", StringComparison.OrdinalIgnoreCase)) return null;
        (double largest, double smallest) = table.NoiseRange;
        return new BrownianNoise(Origin(options), seed, (float)smallest, (float)largest, channels * size.LatentHeight * size.LatentWidth);
    }

    private static NoiseOrigin Origin(GenerationOptions options) => options.Noise ?? new NoiseOrigin(options.Profile switch
    {
        SamplingProfile.A1111 => NoiseKind.Nv,
        _ => NoiseKind.TorchCpu,
    });
}

using NativeDiffusion.Solvers;
using NativeDiffusion.Cli.Pictures;
using NativeDiffusion.Randomness;
using NativeDiffusion.Text;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>All settings of a picture, one line each, in the order of the help.</summary>
internal static class Settings
{
    private static readonly (string Name, SolverProfile Value)[] s_profiles =
        [("diffusers", SolverProfile.Diffusers), ("a1111", SolverProfile.A1111), ("comfy", SolverProfile.Comfy)];

    private static readonly (string Name, EmphasisMode Value)[] s_emphases =
        [("original", EmphasisMode.Original), ("no-norm", EmphasisMode.NoNorm), ("ignore", EmphasisMode.Ignore), ("none", EmphasisMode.None)];

    private static readonly (string Name, NoiseKind Value)[] s_sources =
        [("cpu", NoiseKind.TorchCpu), ("nv", NoiseKind.Nv), ("gpu", NoiseKind.TorchCuda)];

    /// <summary>The settings.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("negative", null, "text", "Negative prompt", (job, v) => job with { Options = job.Options with { NegativePrompt = v } }),
        new("size", "Size", "WxH", "Width and height in pixels, multiples of 8 (default: the model's own)", Size),
        new("steps", "Steps", "n", "Steps of the sampler (default 20)", (job, v) => job with { Options = job.Options with { Steps = SettingText.Whole(v) } }),
        new("cfg", "CFG scale", "x", "Guidance scale; 1 turns guidance off (default 7.5)", (job, v) =>
            job with { Options = job.Options with { GuidanceScale = SettingText.Number(v) } }),
        new("guidance-rescale", "Guidance rescale", "x", "Guidance rescale, 0 to 1 (default 0)", (job, v) =>
            job with { Options = job.Options with { GuidanceRescale = SettingText.Number(v) } }),
        new("sampler", "Sampler", "name", "Sampler, by A1111's or diffusers' name: 'DPM++ 2M', 'Euler a', DDIMScheduler", (job, v) =>
            job with { Options = job.Options with { Sampler = v } }) { Choices =
            [.. Enum.GetValues<SolverProfile>().SelectMany(SolverProfiles.SamplerNames).Distinct()] },
        new("schedule", "Schedule type", "name", "Noise schedule: karras, exponential, beta, ...", (job, v) =>
            job with { Options = job.Options with { Schedule = v.Equals("Automatic", StringComparison.OrdinalIgnoreCase) ? null : v } }) { Choices =
            [.. Enum.GetValues<SolverProfile>().SelectMany(SolverProfiles.ScheduleNames).Distinct()] },
        new("sigmas", "Sigmas", "list", "Noise levels instead of a schedule, descending", (job, v) =>
            job with { Options = job.Options with { Sigmas = SettingText.Numbers(v) } }),
        new("timesteps", "Timesteps", "list", "Timesteps instead of a schedule, descending", (job, v) =>
            job with { Options = job.Options with { Timesteps = SettingText.Numbers(v) } }),
        new("profile", "Profile", "name", "Conventions: diffusers, a1111 or comfy (default diffusers)",
            (job, v) =>
                job with { Options = job.Options with { Profile = SettingText.Choice(v, s_profiles) } }) { Choices = [.. s_profiles.Select(p => p.Name)] },
        new("seed", "Seed", "n", "Seed of the first picture; -1 for a random one (default -1)", (job, v) => job with { Seed = SettingText.SeedOrRandom(v) }),
        new("batch", null, "n", "Number of pictures, with consecutive seeds (default 1)", (job, v) => job with { Batch = SettingText.Whole(v) }),
        new("clip-skip", "Clip skip", "n", "Clip skip as in A1111 (default 1: no layer is skipped)", (job, v) =>
            job with { Options = job.Options with { ClipSkip = SettingText.Whole(v) } }),
        new("emphasis", "Emphasis", "mode", "Effect of prompt weights: original, no-norm, ignore or none",
            (job, v) =>
                job with { Options = job.Options with { Emphasis = SettingText.Choice(v, s_emphases) } }) { Choices = [.. s_emphases.Select(p => p.Name)] },
        new("rng", "RNG", "source", "Random numbers: cpu, nv, gpu, or gpu:CARD such as 'gpu:RTX 3060' (default: the profile's)",
            Source) { Choices = [.. s_sources.Select(p => p.Name)] },
        new("eta", "Eta", "x", "Eta of ancestral samplers, SDEs and DDIM", (job, v) =>
            job with { Options = job.Options with { Eta = SettingText.Number(v) } }),
        new("s-noise", "Sigma noise", "x", "Factor of the noise that steps add (default 1)", (job, v) =>
            job with { Options = job.Options with { SNoise = SettingText.Number(v) } }),
        new("init", null, "file", "Picture to start from (image to image)", (job, v) =>
            job with { Options = job.Options with { InitImage = PictureFile.Read(v) } }),
        new("mask", null, "file", "Inpainting mask: white is repainted", (job, v) =>
            job with { Options = job.Options with { Mask = PictureFile.Read(v) } }),
        new("strength", "Denoising strength", "x", "Denoising strength, above 0 to 1 (default 0.75)", (job, v) =>
            job with { Options = job.Options with { Strength = SettingText.Number(v) } }),
        new("variation-seed", "Variation seed", "n", "A1111's variation seed", (job, v) => Vary(job, o => o with { VariationSeed = SettingText.Seed(v) })),
        new("variation-strength", "Variation seed strength", "x", "Share of the variation's noise, 0 to 1", (job, v) =>
            Vary(job, o => o with { VariationStrength = (float)SettingText.Share(v) })),
        new("seed-resize-from", "Seed resize from", "WxH", "Size whose composition is kept at another size", ResizeFrom),
        new("ensd", "ENSD", "n", "Eta noise seed delta, added to the seed for the steps' noise", (job, v) =>
            Vary(job, o => o with { EtaNoiseSeedDelta = SettingText.Whole(v, int.MinValue) })),
        new("vae-tile", "VAE tile", "n", "Side of the VAE's tiles in latent cells (default: the picture is decoded whole)", (job, v) =>
            job with { Options = job.Options with { VaeTiling = new VaeTiling(SettingText.Whole(v)) } }),
    ];

    /// <summary>Finds a setting by its option's name; underscores are equivalent to hyphens.</summary>
    public static Setting? Find(string name)
    {
        string wanted = name.Replace('_', '-');
        return All.FirstOrDefault(setting => setting.Name == wanted);
    }

    private static SampleJob Size(SampleJob job, string value)
    {
        (int width, int height) = SettingText.Size(value);
        return job with { Options = job.Options with { Width = width, Height = height } };
    }

    private static SampleJob Source(SampleJob job, string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return job with { Options = job.Options with { Noise = new NoiseOrigin(SettingText.Choice(value, s_sources)) } };
        if (SettingText.Choice(value[..colon], s_sources) != NoiseKind.TorchCuda)
            throw new FormatException("cpu, nv, gpu, or gpu: and the name of a GPU");
        return job with { Options = job.Options with { Noise = new NoiseOrigin(NoiseKind.TorchCuda, CudaThreads.ForCard(value[(colon + 1)..])) } };
    }

    private static SampleJob ResizeFrom(SampleJob job, string value)
    {
        (int width, int height) = SettingText.Size(value);
        return Vary(job, options => options with { ResizeFromWidth = width / 8, ResizeFromHeight = height / 8 });
    }

    private static SampleJob Vary(SampleJob job, Func<A1111NoiseOptions, A1111NoiseOptions> change) =>
        job with { Options = job.Options with { Variation = change(job.Options.Variation ?? new A1111NoiseOptions()) } };
}

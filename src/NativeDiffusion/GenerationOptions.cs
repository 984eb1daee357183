using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion;

/// <summary>The settings of a generation. Immutable; checked once, when a generation starts: an <see cref="ArgumentException"/> names the property.</summary>
public sealed record GenerationOptions
{
    /// <summary>The prompt, in the profile's grammar.</summary>
    public required string Prompt { get; init; }

    /// <summary>The negative prompt; ignored if guidance is 1.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>One prompt per picture, instead of <see cref="Prompt"/>; or null.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>One negative prompt per picture, instead of <see cref="NegativePrompt"/>; or null.</summary>
    public IReadOnlyList<string>? NegativePrompts { get; init; }

    /// <summary>One seed per picture; their number is the number of pictures. A picture's bytes do not depend on the others.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [0];

    /// <summary>Width in pixels, a multiple of 8; by default the model's own size.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, a multiple of 8; by default the model's own size.</summary>
    public int? Height { get; init; }

    /// <summary>Number of solver steps.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598); 1 runs the prompt alone.</summary>
    public double GuidanceScale { get; init; } = 7.5;

    /// <summary>φ of guidance rescale (Lin et al. 2023, arXiv:2305.08891): 0 for none, 1 for the prompt's own deviation.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>The tool whose conventions are the defaults of other settings.</summary>
    public SolverProfile Profile { get; init; } = SolverProfile.Diffusers;

    /// <summary>The sampler by name: <c>DPM++ 2M</c>, <c>Euler a</c>, a diffusers class name; by default the profile's.</summary>
    public string? Sampler { get; init; }

    /// <summary>The schedule by name: <c>karras</c>, <c>exponential</c>, …; by default the sampler's own.</summary>
    public string? Schedule { get; init; }

    /// <summary>A diffusers scheduler with all its options, instead of <see cref="Sampler"/> and <see cref="Schedule"/>; or null.</summary>
    public SchedulerConfig? Scheduler { get; init; }

    /// <summary>Custom sigmas instead of the schedule, descending; or null.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Custom timesteps instead of the schedule, descending, for samplers that accept them; or null.</summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>eta of ancestral samplers, SDEs and DDIM; by default the sampler's own.</summary>
    public double? Eta { get; init; }

    /// <summary>Factor of the noise that steps add (s_noise); by default the sampler's own (1).</summary>
    public double? SNoise { get; init; }

    /// <summary>Noise that samplers with churn add before an evaluation (s_churn); by default the sampler's own (none).</summary>
    public double? SChurn { get; init; }

    /// <summary>Whether the penultimate sigma is discarded; by default the sampler's own rule in its profile.</summary>
    public bool? DiscardPenultimateSigma { get; init; }

    /// <summary>CLIP skip as A1111 counts: 1 uses all layers.</summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>How prompt weights are applied; by default the profile's own rule.</summary>
    public EmphasisMode? Emphasis { get; init; }

    /// <summary>The random number generator; by default the profile's own.</summary>
    public NoiseOrigin? Noise { get; init; }

    /// <summary>A1111's variation seed, seed resize and eta noise seed delta; or null.</summary>
    public A1111NoiseOptions? Variation { get; init; }

    /// <summary>A picture to start from (image to image); or null. Resized to the output's size.</summary>
    public RgbImage? InitImage { get; init; }

    /// <summary>The inpainting mask of <see cref="InitImage"/>: white is repainted; or null.</summary>
    public RgbImage? Mask { get; init; }

    /// <summary>Denoising strength: the share of the schedule that runs with a start picture, above 0 to 1.</summary>
    public double Strength { get; init; } = 0.75;

    /// <summary>The first noise of each picture [N, 4, H/8, W/8], standard normal, instead of the generator's first draw; or null.</summary>
    public Tensor? Latents { get; init; }

    /// <summary>Text states [1, T, D] instead of the prompt; or null.</summary>
    public Tensor? PromptEmbeddings { get; init; }

    /// <summary>Text states [1, T, D] instead of the negative prompt; or null.</summary>
    public Tensor? NegativePromptEmbeddings { get; init; }

    /// <summary>Tile sizes of the VAE for large pictures; null decodes whole pictures. Never chosen by the machine's memory: tiles change bytes.</summary>
    public VaeTiling? VaeTiling { get; init; }

    /// <summary>Whether results contain their final latents.</summary>
    public bool KeepLatents { get; init; }

    /// <summary>Whether progress reports contain x, x0 and sigma.</summary>
    public bool ReportLatents { get; init; }
}

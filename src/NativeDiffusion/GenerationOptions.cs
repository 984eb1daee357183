using NativeDiffusion.Imaging;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion;

/// <summary>What to draw and how. Immutable; checked once, when a generation begins: an <see cref="ArgumentException"/> names the property.</summary>
public sealed record GenerationOptions
{
    /// <summary>What to draw, in the profile's prompt grammar.</summary>
    public required string Prompt { get; init; }

    /// <summary>What to keep out; only looked at where guidance is not 1.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>One prompt a picture, in place of <see cref="Prompt"/>; or null.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>One negative prompt a picture, in place of <see cref="NegativePrompt"/>; or null.</summary>
    public IReadOnlyList<string>? NegativePrompts { get; init; }

    /// <summary>One seed a picture: as many pictures are drawn. A picture's bytes do not depend on the others.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [0];

    /// <summary>Width in pixels, a multiple of 8; the model's own size unless given.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, a multiple of 8; the model's own size unless given.</summary>
    public int? Height { get; init; }

    /// <summary>How many steps the solver takes.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598); 1 runs the prompt alone.</summary>
    public double GuidanceScale { get; init; } = 7.5;

    /// <summary>φ of guidance rescale (Lin et al. 2023, arXiv:2305.08891): 0 for none, 1 for the prompt's own deviation.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Whose conventions hold where nothing else is said.</summary>
    public SolverProfile Profile { get; init; } = SolverProfile.Diffusers;

    /// <summary>The sampler by name: <c>DPM++ 2M</c>, <c>Euler a</c>, a diffusers class name; the profile's default unless given.</summary>
    public string? Sampler { get; init; }

    /// <summary>The schedule by name: <c>karras</c>, <c>exponential</c>, …; the sampler's own unless given.</summary>
    public string? Schedule { get; init; }

    /// <summary>A diffusers scheduler with all its switches, in place of <see cref="Sampler"/> and <see cref="Schedule"/>; or null.</summary>
    public SchedulerConfig? Scheduler { get; init; }

    /// <summary>Noise levels to use in place of the schedule, falling; or null.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Timesteps to use in place of the schedule, falling, where the sampler takes them; or null.</summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>eta of ancestral samplers, SDEs and DDIM; the sampler's own unless given.</summary>
    public double? Eta { get; init; }

    /// <summary>Factor of the noise that steps add; the sampler's own (1) unless given.</summary>
    public double? SNoise { get; init; }

    /// <summary>How much noise samplers with churn stir in before an evaluation; the sampler's own (none) unless given.</summary>
    public double? SChurn { get; init; }

    /// <summary>Whether the last noise level but one is left out; the sampler's own rule in its profile unless given.</summary>
    public bool? DiscardPenultimateSigma { get; init; }

    /// <summary>How many of CLIP's last layers are left out, as A1111 counts: 1 leaves none out.</summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>How prompt weights act; the profile's own unless given.</summary>
    public EmphasisMode? Emphasis { get; init; }

    /// <summary>Where random numbers come from; the profile's own unless given.</summary>
    public NoiseOrigin? Noise { get; init; }

    /// <summary>A1111's variation seed, seed resize and eta noise seed delta; or null.</summary>
    public A1111NoiseOptions? Variation { get; init; }

    /// <summary>A picture to start from (image to image); or null. Resized to the output's size.</summary>
    public RgbImage? InitImage { get; init; }

    /// <summary>What to repaint in <see cref="InitImage"/>: white is drawn anew; or null.</summary>
    public RgbImage? Mask { get; init; }

    /// <summary>How much of the schedule runs when there is a picture to start from, above 0 to 1.</summary>
    public double Strength { get; init; } = 0.75;

    /// <summary>The first noise of each picture [N, 4, H/8, W/8], standard normal, in place of the generator's first draw; or null.</summary>
    public Tensor? Latents { get; init; }

    /// <summary>Text states [1, T, D] in place of the prompt; or null.</summary>
    public Tensor? PromptEmbeddings { get; init; }

    /// <summary>Text states [1, T, D] in place of the negative prompt; or null.</summary>
    public Tensor? NegativePromptEmbeddings { get; init; }

    /// <summary>How large pictures are cut for the VAE; null decodes them whole. Never chosen by the machine's memory: tiles change bytes.</summary>
    public VaeTiling? VaeTiling { get; init; }

    /// <summary>Whether results carry their final latents.</summary>
    public bool KeepLatents { get; init; }

    /// <summary>Whether step events carry x, x0 and sigma.</summary>
    public bool ReportLatents { get; init; }
}

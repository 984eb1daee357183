namespace NativeDiffusion.Solvers;

/// <summary>A user's choice: sampler name, schedule name, number of steps, in one of the three profiles.</summary>
public sealed record SolverChoice
{
    /// <summary>The profile whose conventions apply.</summary>
    public SolverProfile Profile { get; init; }

    /// <summary>
    /// The sampler: an A1111 name (<c>DPM++ 2M</c>, <c>Euler a</c>), ComfyUI's or k-diffusion's (<c>dpmpp_2m</c>, <c>sample_euler_ancestral</c>), or in profile
    /// <see cref="SolverProfile.Diffusers"/> a class (<c>UniPCMultistepScheduler</c>). An old A1111 name may end in its schedule (<c>DPM++ 2M Karras</c>).
    /// Null is the model's own scheduler in profile diffusers, and Euler a or Euler elsewhere, the defaults of A1111 and ComfyUI.
    /// </summary>
    public string? Sampler { get; init; }

    /// <summary>The schedule: <c>Karras</c>, <c>Exponential</c>, … case-insensitively; null or <c>Automatic</c> for the profile's default.</summary>
    public string? Schedule { get; init; }

    /// <summary>The number of steps.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Above 0 to 1: the strength of image to image.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Whether sampling starts from a picture. It matters even at strength 1, where A1111 runs all steps but noises the picture.</summary>
    public bool FromPicture { get; init; }

    /// <summary>Noise levels to use instead of a schedule, descending; a final 0 is appended if missing.</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Timesteps to use instead, descending (profile diffusers, if the scheduler supports them).</summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>
    /// The model's scheduler: its betas and prediction type count in every profile, its switches in profile diffusers. Null is Stable Diffusion 1.5's.
    /// </summary>
    public SchedulerConfig? ModelScheduler { get; init; }

    /// <summary>eta, if the sampler has it; null for its default.</summary>
    public double? Eta { get; init; }

    /// <summary>s_noise, if the sampler has it.</summary>
    public double? SNoise { get; init; }

    /// <summary>s_churn, if the sampler has it.</summary>
    public double? SChurn { get; init; }

    /// <summary>s_tmin, if the sampler has it.</summary>
    public double? STmin { get; init; }

    /// <summary>s_tmax, if the sampler has it.</summary>
    public double? STmax { get; init; }

    /// <summary>
    /// Whether the penultimate level is omitted; null for the sampler's own rule (DPM2, DPM2 a and 3M SDE in A1111, the first two in ComfyUI).
    /// </summary>
    public bool? DiscardPenultimateSigma { get; init; }

    /// <summary>
    /// Whether timesteps are rounded to the nearest integer (A1111's option; ComfyUI always does it); null for the profile's default. Not for
    /// profile diffusers.
    /// </summary>
    public bool? QuantizeTimesteps { get; init; }

    /// <summary>A1111's option "SGM noise multiplier": the first x is √(1 + σ²) times noise instead of σ times.</summary>
    public bool SgmNoiseMultiplier { get; init; }
}

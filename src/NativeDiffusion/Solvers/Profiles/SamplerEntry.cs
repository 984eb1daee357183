namespace NativeDiffusion.Solvers.Profiles;

/// <summary>One sampler with its names in the tools.</summary>
/// <param name="Label">A1111's name, or diffusers' usual one.</param>
/// <param name="KName">k-diffusion's function, or null.</param>
/// <param name="ComfyName">ComfyUI's name, or null.</param>
/// <param name="ClassName">diffusers' class, or null.</param>
internal sealed record SamplerEntry(string Label, string? KName, string? ComfyName, string? ClassName)
{
    /// <summary>The options of the label beyond the class: 2M SDE is DPMSolverMultistep with another algorithm_type.</summary>
    public Func<SchedulerConfig, SchedulerConfig> Configure { get; init; } = config => config;

    /// <summary>A1111's schedule for <c>Automatic</c>.</summary>
    public string Automatic { get; init; } = "uniform";

    /// <summary>Whether A1111 omits the penultimate level.</summary>
    public bool Discards { get; init; }

    /// <summary>Whether ComfyUI omits the penultimate level.</summary>
    public bool ComfyDiscards { get; init; }

    /// <summary>Whether its noise is a Brownian path's.</summary>
    public bool Brownian { get; init; }

    /// <summary>k-diffusion's solver_type, where the label fixes it.</summary>
    public string? SolverType { get; init; }
}

namespace NativeDiffusion.Solvers.Profiles;

/// <summary>One sampler under the names that the tools give it.</summary>
/// <param name="Label">A1111's name, or diffusers' usual one.</param>
/// <param name="KName">k-diffusion's function, or null.</param>
/// <param name="ComfyName">ComfyUI's name, or null.</param>
/// <param name="ClassName">diffusers' class, or null.</param>
internal sealed record SamplerEntry(string Label, string? KName, string? ComfyName, string? ClassName)
{
    /// <summary>What the label means beyond the class: 2M SDE is DPMSolverMultistep with another algorithm_type.</summary>
    public Func<SchedulerConfig, SchedulerConfig> Configure { get; init; } = config => config;

    /// <summary>The schedule that A1111 takes for <c>Automatic</c>.</summary>
    public string Automatic { get; init; } = "uniform";

    /// <summary>Whether A1111 leaves out the last level but one.</summary>
    public bool Discards { get; init; }

    /// <summary>Whether ComfyUI leaves out the last level but one.</summary>
    public bool ComfyDiscards { get; init; }

    /// <summary>Whether its noise is a Brownian path's.</summary>
    public bool Brownian { get; init; }

    /// <summary>k-diffusion's solver_type, where the label fixes it.</summary>
    public string? SolverType { get; init; }
}

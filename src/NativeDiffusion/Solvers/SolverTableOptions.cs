namespace NativeDiffusion.Solvers;

/// <summary>The arguments of a run beyond the scheduler's options: those of <c>set_timesteps</c> and of <c>step</c>.</summary>
public sealed record SolverTableOptions
{
    /// <summary>The number of steps; not needed with a list of timesteps or sigmas.</summary>
    public int Steps { get; init; }

    /// <summary>
    /// Timesteps to use instead of the scheduler's spacing, descending, if the scheduler supports them (DPMSolver, Euler, Heun, DDPM, LCM, TCD).
    /// </summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>Sigmas to use instead, descending, the final one included (Euler).</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Above 0 to 1: the share of the schedule for image to image; int(Steps · Strength) steps, as in diffusers.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>eta: DDIM's (default 0) and TCD's (default 0.3) factor of new noise.</summary>
    public double? Eta { get; init; }

    /// <summary>s_churn (Euler).</summary>
    public double SChurn { get; init; }

    /// <summary>s_tmin (Euler): no churn below this sigma.</summary>
    public double STmin { get; init; }

    /// <summary>s_tmax (Euler): no churn above this sigma.</summary>
    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>s_noise (Euler): the factor of churned noise.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>order (LMS): 1 to 4.</summary>
    public int LmsOrder { get; init; } = 4;

    /// <summary>original_inference_steps (LCM, TCD), instead of the configuration's.</summary>
    public int? OriginalInferenceSteps { get; init; }
}

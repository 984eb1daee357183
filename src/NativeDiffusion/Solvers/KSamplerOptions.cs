namespace NativeDiffusion.Solvers;

/// <summary>A k-diffusion sampler with its arguments. Arguments that the sampler does not have must be null.</summary>
public sealed record KSamplerOptions
{
    /// <summary>The function's name: <c>sample_euler_ancestral</c>; <c>sample_</c> may be omitted.</summary>
    public required string Sampler { get; init; }

    /// <summary>The noise levels, descending, the final one (mostly 0) included: see <see cref="KSchedules"/>.</summary>
    public required IReadOnlyList<double> Sigmas { get; init; }

    /// <summary>The number of levels to omit at the beginning; the sampler receives the shorter list only, as in A1111's image to image.</summary>
    public int FirstStep { get; init; }

    /// <summary>The training noise levels, from which timesteps are looked up.</summary>
    public NoiseSchedule Noise { get; init; } = NoiseSchedule.ForKDiffusion();

    /// <summary>Whether timesteps are rounded to the nearest integer instead of fractional.</summary>
    public bool Quantize { get; init; }

    /// <summary>The prediction type of the network.</summary>
    public PredictionType Prediction { get; init; }

    /// <summary>The scale of the initial noise; the first sigma where null.</summary>
    public double? InitNoiseScale { get; init; }

    /// <summary>Whether Euler, Heun and DPM2 draw a noise in every step, used or not, as k-diffusion does; otherwise only where churn uses it.</summary>
    public bool DrawsUnusedNoise { get; init; } = true;

    /// <summary>eta: the factor of new noise of the ancestral and SDE samplers; 1 if null.</summary>
    public double? Eta { get; init; }

    /// <summary>s_noise: the factor of all noise; 1 where null.</summary>
    public double? SNoise { get; init; }

    /// <summary>s_churn (Euler, Heun, DPM2); 0 where null.</summary>
    public double? SChurn { get; init; }

    /// <summary>s_tmin (Euler, Heun, DPM2); 0 where null.</summary>
    public double? STmin { get; init; }

    /// <summary>s_tmax (Euler, Heun, DPM2); unlimited where null.</summary>
    public double? STmax { get; init; }

    /// <summary>order (LMS), 1 to 5; 4 where null.</summary>
    public int? Order { get; init; }

    /// <summary>solver_type (DPM++ 2M SDE): midpoint or heun; midpoint where null.</summary>
    public string? SolverType { get; init; }

    /// <summary>r (DPM++ SDE): the position between two levels of the second evaluation; 1/2 if null.</summary>
    public double? R { get; init; }
}

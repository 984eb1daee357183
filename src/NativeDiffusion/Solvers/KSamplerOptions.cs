namespace NativeDiffusion.Solvers;

/// <summary>A k-diffusion sampler with its arguments. An argument that the sampler does not take must be left out.</summary>
public sealed record KSamplerOptions
{
    /// <summary>The function's name: <c>sample_euler_ancestral</c>; <c>sample_</c> may be left out.</summary>
    public required string Sampler { get; init; }

    /// <summary>The noise levels, falling, the final one (mostly 0) included: see <see cref="KSchedules"/>.</summary>
    public required IReadOnlyList<double> Sigmas { get; init; }

    /// <summary>How many levels to leave out at the beginning; the sampler then knows of the shorter list only, as in A1111's image to image.</summary>
    public int FirstStep { get; init; }

    /// <summary>The training noise levels, from which timesteps are looked up.</summary>
    public NoiseSchedule Noise { get; init; } = NoiseSchedule.ForKDiffusion();

    /// <summary>Whether timesteps are the nearest whole ones instead of fractions.</summary>
    public bool Quantize { get; init; }

    /// <summary>What the network predicts.</summary>
    public PredictionType Prediction { get; init; }

    /// <summary>What a normal noise is multiplied by to be the first x; the first sigma where null.</summary>
    public double? InitNoiseScale { get; init; }

    /// <summary>Whether Euler, Heun and DPM2 draw a noise in every step, used or not, as k-diffusion does; otherwise only where churn uses it.</summary>
    public bool DrawsUnusedNoise { get; init; } = true;

    /// <summary>eta: the share of fresh noise of the ancestral and SDE samplers; 1 where null.</summary>
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

    /// <summary>r (DPM++ SDE): where between two levels the second evaluation lies; 1/2 where null.</summary>
    public double? R { get; init; }
}

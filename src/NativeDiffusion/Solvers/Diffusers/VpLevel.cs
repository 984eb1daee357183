namespace NativeDiffusion.Solvers.Diffusers;

/// <summary>A noise level of the variance-preserving form: α² + σ² = 1, λ = ln α - ln σ (arXiv:2211.01095).</summary>
internal readonly struct VpLevel
{
    /// <summary>Creates the level from σ/α, the sigma of the variance-exploding form.</summary>
    public VpLevel(double sigma)
    {
        float given = (float)sigma;
        Alpha = 1f / MathF.Sqrt(given * given + 1f);
        Sigma = given * Alpha;
        Lambda = Float32.Log(Alpha) - Float32.Log(Sigma);
    }

    /// <summary>α: the signal's factor.</summary>
    public float Alpha { get; }

    /// <summary>σ: the noise's factor.</summary>
    public float Sigma { get; }

    /// <summary>λ: half the logarithm of the signal-to-noise ratio; infinite at σ = 0.</summary>
    public float Lambda { get; }

    /// <summary>α and σ as a pair.</summary>
    public NoiseMix Mix => new(Alpha, Sigma);
}

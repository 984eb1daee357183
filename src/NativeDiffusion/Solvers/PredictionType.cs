namespace NativeDiffusion.Solvers;

/// <summary>The prediction target of the network.</summary>
public enum PredictionType
{
    /// <summary>The noise ε (DDPM, arXiv:2006.11239).</summary>
    Epsilon,

    /// <summary>The velocity v = αε - σx0 (arXiv:2202.00512).</summary>
    Velocity,

    /// <summary>The picture x0 itself.</summary>
    Sample,
}

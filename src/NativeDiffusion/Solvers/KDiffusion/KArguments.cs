namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>The arguments of a sampler.</summary>
[Flags]
internal enum KArguments
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>s_churn, s_tmin, s_tmax, s_noise.</summary>
    Churn = 1,

    /// <summary>eta, s_noise.</summary>
    Ancestral = 2,

    /// <summary>order.</summary>
    Order = 4,

    /// <summary>solver_type.</summary>
    SolverType = 8,

    /// <summary>r.</summary>
    R = 16,
}

namespace NativeDiffusion.Solvers;

/// <summary>How x0 and ε follow from the state x and the network's prediction m: x0 = X0FromX·x + X0FromModel·m, and ε likewise.</summary>
/// <param name="X0FromX">The coefficient of x in x0.</param>
/// <param name="X0FromModel">The coefficient of the prediction in x0.</param>
/// <param name="EpsFromX">The coefficient of x in ε.</param>
/// <param name="EpsFromModel">The coefficient of the prediction in ε.</param>
public readonly record struct PredictionWeights(double X0FromX, double X0FromModel, double EpsFromX, double EpsFromModel)
{
    /// <summary>Whether all four are finite numbers.</summary>
    public bool IsFinite => double.IsFinite(X0FromX + X0FromModel + EpsFromX + EpsFromModel);

    /// <summary>
    /// The weights for a state x = signal·x0 + noise·ε. A velocity is that of the variance-preserving form of x
    /// (Salimans and Ho, arXiv:2202.00512), which is x divided by √(signal² + noise²).
    /// </summary>
    /// <param name="type">The prediction type of the network.</param>
    /// <param name="signal">The coefficient of x0 in x.</param>
    /// <param name="noise">The coefficient of ε in x.</param>
    public static PredictionWeights For(PredictionType type, double signal, double noise)
    {
        double power = signal * signal + noise * noise;
        double root = Math.Sqrt(power);
        return type switch
        {
            PredictionType.Epsilon => new(1 / signal, -noise / signal, 0, 1),
            PredictionType.Velocity => new(signal / power, -noise / root, noise / power, signal / root),
            PredictionType.Sample => new(0, 1, 1 / noise, -signal / noise),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown prediction type."),
        };
    }
}

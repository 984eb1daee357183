namespace NativeDiffusion.Solvers;

/// <summary>
/// One evaluation of the network and its update. In order: noise may be added to x (<see cref="DrawsBefore"/>); the network receives
/// <see cref="InputScale"/>·x and <see cref="Timestep"/>; its prediction and x give x0 and ε (<see cref="Prediction"/>); noise may be drawn
/// (<see cref="DrawsAfter"/>); <see cref="Next"/>, <see cref="Save"/> and the history slot are computed from the old state, all at once.
/// </summary>
public sealed record SolverRow
{
    /// <summary>The timestep passed to the network; integer or fractional, as in the reference.</summary>
    public required double Timestep { get; init; }

    /// <summary>The factor from x to the network's input.</summary>
    public required double InputScale { get; init; }

    /// <summary>The coefficient of x0 in x at this evaluation: x = SignalLevel·x0 + NoiseLevel·ε.</summary>
    public required double SignalLevel { get; init; }

    /// <summary>The coefficient of ε in x at this evaluation.</summary>
    public required double NoiseLevel { get; init; }

    /// <summary>How x0 and ε follow from x and the prediction.</summary>
    public required PredictionWeights Prediction { get; init; }

    /// <summary>The new x.</summary>
    public required SolverCombination Next { get; init; }

    /// <summary>The new saved x; all zero if nothing is saved.</summary>
    public SolverCombination Save { get; init; }

    /// <summary>The history slot that stores StoreX0·x0 + StoreEps·ε, or -1.</summary>
    public int StoreSlot { get; init; } = -1;

    /// <summary>The coefficient of x0 in the history slot.</summary>
    public double StoreX0 { get; init; }

    /// <summary>The coefficient of ε in the history slot.</summary>
    public double StoreEps { get; init; }

    /// <summary>Whether a noise is drawn before the evaluation, even if its coefficient is zero: the random stream advances.</summary>
    public bool DrawsBefore { get; init; }

    /// <summary>The coefficient of that noise (churn): x becomes x + NoiseBefore·noise, rounded to float32, before the network is called.</summary>
    public double NoiseBefore { get; init; }

    /// <summary>Whether a noise is drawn after the evaluation, even if its coefficient is zero.</summary>
    public bool DrawsAfter { get; init; }

    /// <summary>
    /// The start of the interval of the noise drawn after the evaluation, as a sigma of the variance-exploding form (for Brownian noise).
    /// </summary>
    public double NoiseFrom { get; init; }

    /// <summary>The end of that interval.</summary>
    public double NoiseTo { get; init; }

    /// <summary>The user's step, from 0, of this evaluation.</summary>
    public int Step { get; init; }

    /// <summary>Whether the step is complete after this evaluation.</summary>
    public bool EndsStep { get; init; } = true;

    /// <summary>The noise level σ/α of the evaluation, the sigma of k-diffusion; infinite at zero terminal SNR.</summary>
    public double Sigma => NoiseLevel / SignalLevel;

    /// <summary>The mix of a known picture x0 and a noise that replaces x at this row, as the reference's <c>add_noise</c>.</summary>
    public required NoiseMix AddNoise { get; init; }
}

namespace NativeDiffusion.Solvers;

/// <summary>
/// One evaluation of the network and what follows from it. In order: noise may enter x (<see cref="DrawsBefore"/>); the network gets
/// <see cref="InputScale"/>·x and <see cref="Timestep"/>; its prediction and x give x0 and ε (<see cref="Prediction"/>); noise may be drawn
/// (<see cref="DrawsAfter"/>); <see cref="Next"/>, <see cref="Save"/> and the history slot are computed from the old state, all at once.
/// </summary>
public sealed record SolverRow
{
    /// <summary>The timestep handed to the network; whole or fractional, as the reference has it.</summary>
    public required double Timestep { get; init; }

    /// <summary>The factor from x to the network's input.</summary>
    public required double InputScale { get; init; }

    /// <summary>How much of x0 is in x at this evaluation: x = SignalLevel·x0 + NoiseLevel·ε.</summary>
    public required double SignalLevel { get; init; }

    /// <summary>How much of ε is in x at this evaluation.</summary>
    public required double NoiseLevel { get; init; }

    /// <summary>How x0 and ε follow from x and the prediction.</summary>
    public required PredictionWeights Prediction { get; init; }

    /// <summary>The new x.</summary>
    public required SolverCombination Next { get; init; }

    /// <summary>The new saved x; all zero where nothing is saved.</summary>
    public SolverCombination Save { get; init; }

    /// <summary>The history slot that takes StoreX0·x0 + StoreEps·ε, or -1.</summary>
    public int StoreSlot { get; init; } = -1;

    /// <summary>The share of x0 in what the history slot takes.</summary>
    public double StoreX0 { get; init; }

    /// <summary>The share of ε in what the history slot takes.</summary>
    public double StoreEps { get; init; }

    /// <summary>Whether a noise is drawn before the evaluation, even where its coefficient is zero: the stream of numbers moves on.</summary>
    public bool DrawsBefore { get; init; }

    /// <summary>The coefficient of that noise (churn): x is x + NoiseBefore·noise, rounded to float32, when the network sees it.</summary>
    public double NoiseBefore { get; init; }

    /// <summary>Whether a noise is drawn after the evaluation, even where its coefficient is zero.</summary>
    public bool DrawsAfter { get; init; }

    /// <summary>
    /// Where the interval of the noise drawn after the evaluation begins, as a sigma of the variance-exploding form (Brownian noise needs it).
    /// </summary>
    public double NoiseFrom { get; init; }

    /// <summary>Where that interval ends.</summary>
    public double NoiseTo { get; init; }

    /// <summary>The user's step, from 0, that this evaluation belongs to.</summary>
    public int Step { get; init; }

    /// <summary>Whether the step is done after this evaluation.</summary>
    public bool EndsStep { get; init; } = true;

    /// <summary>The noise level σ/α of the evaluation, the sigma of k-diffusion; infinite where nothing of the picture is left (zero terminal SNR).</summary>
    public double Sigma => NoiseLevel / SignalLevel;

    /// <summary>What a known picture x0 and a noise must be multiplied by to stand in for x at this row, as the reference's <c>add_noise</c> does.</summary>
    public required NoiseMix AddNoise { get; init; }
}

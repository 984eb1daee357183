namespace NativeDiffusion.Solvers;

/// <summary>
/// How the predictions for several conditions become one: their weighted sum (classifier-free guidance, arXiv:2207.12598, and its sums of prompts),
/// and, where asked for, rescaled to the deviation of the positive prediction (arXiv:2305.08891). Immutable.
/// </summary>
public sealed class Guidance
{
    private readonly double[] _weights;
    private readonly double[] _reference;

    private Guidance(double[] weights, double[] reference, double rescale)
    {
        if (!(rescale is >= 0 and <= 1)) throw new ArgumentException($"guidance_rescale {rescale} is not from 0 to 1.", nameof(rescale));
        if (weights.Any(weight => !double.IsFinite(weight))) throw new ArgumentException("A guidance weight is not a finite number.", nameof(weights));
        _weights = weights;
        _reference = reference;
        Rescale = rescale;
    }

    /// <summary>A single condition as it is.</summary>
    public static Guidance None { get; } = new([1], [1], 0);

    /// <summary>The weights of the predictions, in the order of the conditions.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The weights of the prediction whose deviation a rescale keeps.</summary>
    public ReadOnlySpan<double> Reference => _reference;

    /// <summary>The share of the rescale, 0 to 1.</summary>
    public double Rescale { get; }

    /// <summary>Two conditions, the negative one first: negative + scale · (positive - negative).</summary>
    /// <param name="scale">The guidance scale.</param>
    /// <param name="rescale">The share of the rescale, 0 to 1.</param>
    public static Guidance ClassifierFree(double scale, double rescale = 0) => Composed(scale, [1], rescale);

    /// <summary>A negative condition first, then several positive ones: negative + scale · Σ weight · (positive - negative), A1111's AND.</summary>
    /// <param name="scale">The guidance scale.</param>
    /// <param name="weights">A weight for each positive condition.</param>
    /// <param name="rescale">The share of the rescale, 0 to 1.</param>
    public static Guidance Composed(double scale, ReadOnlySpan<double> weights, double rescale = 0)
    {
        if (weights.IsEmpty) throw new ArgumentException("At least one positive condition is needed.", nameof(weights));
        double total = 0;
        foreach (double weight in weights) total += weight;
        double[] all = new double[weights.Length + 1], reference = new double[weights.Length + 1];
        all[0] = 1 - scale * total;
        for (int i = 0; i < weights.Length; i++)
        {
            all[i + 1] = scale * weights[i];
            reference[i + 1] = total == 0 ? 1.0 / weights.Length : weights[i] / total;
        }

        return new Guidance(all, reference, rescale);
    }
}

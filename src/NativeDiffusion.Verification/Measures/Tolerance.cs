namespace NativeDiffusion.Verification;

/// <summary>
/// How far a result may be from its reference. Tests name a class, never a number: the numbers follow from float32's
/// rounding (ε = 2^-24) and are written here alone.
/// </summary>
public readonly record struct Tolerance
{
    private const double Epsilon = 1.0 / (1 << 24);

    private Tolerance(string name, double relative, double ofLargest)
    {
        Name = name;
        Relative = relative;
        OfLargest = ofLargest;
    }

    /// <summary>Copies, casts, tokens: not one bit differs.</summary>
    public static Tolerance Exact { get; } = new("exact", 0, 0);

    /// <summary>One value in, one value out: a few roundings and a polynomial; near a zero of the function the largest value counts.</summary>
    public static Tolerance Elementwise { get; } = new("elementwise", 12 * Epsilon, 2 * Epsilon);

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Share of the expected value's magnitude.</summary>
    public double Relative { get; }

    /// <summary>Share of the tensor's largest expected magnitude.</summary>
    public double OfLargest { get; }

    /// <summary>
    /// A sum of <paramref name="terms"/> products: roundings of partial sums add up like a random walk, √K · ε of the sums' size.
    /// </summary>
    public static Tolerance Reduction(long terms) => new($"reduction({terms})", 8 * Epsilon, (4 + (2 * Math.Sqrt(terms))) * Epsilon);

    /// <summary>
    /// e to a rounded argument of at most <paramref name="argument"/>, normalised by a sum of <paramref name="terms"/>: the argument's roundings
    /// (by log2 e, by the scale, by the difference) are relative errors of the result.
    /// </summary>
    public static Tolerance Exponential(double argument, long terms) =>
        new($"exponential({argument}, {terms})", (8 + (4 * argument) + (2 * Math.Sqrt(terms))) * Epsilon, Epsilon);

    /// <summary>The largest allowed difference at one element.</summary>
    public double Allowed(double expected, double largest) => (Relative * Math.Abs(expected)) + (OfLargest * largest);
}

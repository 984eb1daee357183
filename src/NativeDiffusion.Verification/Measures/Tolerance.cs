namespace NativeDiffusion.Verification;

/// <summary>
/// How far a result may be from its reference. Tests name a class, never a number: the numbers follow from float32's
/// rounding (ε = 2^-24) and are defined only here.
/// </summary>
public readonly record struct Tolerance
{
    private const double Epsilon = 1.0 / (1 << 24);

    // Half's unit roundoff, and half of its smallest number.
    private const double HalfEpsilon = 1.0 / (1 << 11);
    private const double HalfSmallest = 1.0 / (1 << 25);

    private Tolerance(string name, double relative, double ofLargest, double absolute = 0)
    {
        Name = name;
        Relative = relative;
        OfLargest = ofLargest;
        Absolute = absolute;
    }

    /// <summary>Copies, casts, tokens: not one bit differs.</summary>
    public static Tolerance Exact { get; } = new("exact", 0, 0);

    /// <summary>One value in, one value out: a few roundings and a polynomial; near a zero of the function relative to the largest value.</summary>
    public static Tolerance Elementwise { get; } = new("elementwise", 12 * Epsilon, 2 * Epsilon);

    /// <summary>One value through two of a card's special functions (a power of two and a reciprocal), each within 8 ε of a value of about 1.</summary>
    public static Tolerance SpecialFunction { get; } = new("special function", 16 * Epsilon, 0, 16 * Epsilon);

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Share of the expected value's magnitude.</summary>
    public double Relative { get; }

    /// <summary>Share of the tensor's largest expected magnitude.</summary>
    public double OfLargest { get; }

    /// <summary>What is allowed whatever the magnitude.</summary>
    public double Absolute { get; }

    /// <summary>
    /// A sum of <paramref name="terms"/> products: roundings of partial sums accumulate as a random walk: √K · ε of the sums' size.
    /// </summary>
    public static Tolerance Reduction(long terms) => new($"reduction({terms})", 8 * Epsilon, (4 + (2 * Math.Sqrt(terms))) * Epsilon);

    /// <summary>
    /// e to a rounded argument of at most <paramref name="argument"/>, normalised by a sum of <paramref name="terms"/>: the argument's roundings
    /// (by log2 e, by the scale, by the difference) are relative errors of the result.
    /// </summary>
    public static Tolerance Exponential(double argument, long terms) =>
        new($"exponential({argument}, {terms})", (8 + (4 * argument) + (2 * Math.Sqrt(terms))) * Epsilon, Epsilon);

    /// <summary>
    /// (x - mean) · rstd · weight + bias with numbers about <paramref name="mean"/>: differences and statistics are rounded like numbers of the mean's
    /// size, 68 of their units over all steps; so is their product with <paramref name="gain"/>, the largest weight over the deviation, once.
    /// </summary>
    public static Tolerance Normalization(double mean, double gain) =>
        new($"normalization({mean:g3}, {gain:g3})", 0, 0, ((68 * (1 + mean)) + (gain * (2 + mean))) * Epsilon);

    /// <summary>The same for a result that is rounded to half at the end: half a unit of its 11 bits more, and of its smallest number.</summary>
    public Tolerance InHalf() => new($"{Name} in half", Relative + HalfEpsilon, OfLargest, Absolute + HalfSmallest);

    /// <summary>The largest allowed difference at one element.</summary>
    public double Allowed(double expected, double largest) => (Relative * Math.Abs(expected)) + (OfLargest * largest) + Absolute;
}

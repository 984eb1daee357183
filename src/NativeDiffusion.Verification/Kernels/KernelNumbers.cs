using System.Diagnostics.CodeAnalysis;

namespace NativeDiffusion.Verification;

/// <summary>The numbers of a kernel's operands: the same in every run for a seed.</summary>
/// <param name="seed">The seed.</param>
[SuppressMessage("Security", "CA5394", Justification = "Operands of a case must be the same in every run; nothing is kept secret by them.")]
internal sealed class KernelNumbers(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Numbers spread evenly over [-bound, bound).</summary>
    public double[] Reals(int count, double bound)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = (_random.NextDouble() * 2 * bound) - bound;
        return values;
    }

    /// <summary>Integers from -bound to bound.</summary>
    public double[] Integers(int count, int bound)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = _random.Next(-bound, bound + 1);
        return values;
    }
}

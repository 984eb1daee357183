namespace NativeDiffusion.Cli.Bench;

/// <summary>The times that one stage took in several runs.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Seconds">One entry a run, in order.</param>
/// <param name="Iterations">How many iterations a run of the stage has; 0 when it has none.</param>
internal sealed record StageTimes(string Name, IReadOnlyList<double> Seconds, int Iterations = 0)
{
    /// <summary>The shortest run.</summary>
    public double Best => Seconds.Min();

    /// <summary>The middle one; of an even number the mean of the two in the middle.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. Seconds.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>The longest run.</summary>
    public double Worst => Seconds.Max();

    /// <summary>Iterations per second at the median, or null.</summary>
    public double? Rate => Iterations > 0 ? Iterations / Median : null;
}

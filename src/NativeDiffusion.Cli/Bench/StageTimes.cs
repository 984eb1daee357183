namespace NativeDiffusion.Cli.Bench;

/// <summary>The times of one stage in several runs.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Seconds">One entry a run, in order.</param>
/// <param name="Iterations">Iterations per run of the stage; 0 if it has none.</param>
internal sealed record StageTimes(string Name, IReadOnlyList<double> Seconds, int Iterations = 0)
{
    /// <summary>The shortest run.</summary>
    public double Best => Seconds.Min();

    /// <summary>The median; of an even number of runs the mean of the middle two.</summary>
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

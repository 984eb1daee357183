namespace NativeDiffusion.Solvers;

/// <summary>
/// A whole sampling run as numbers: one row for every evaluation of the network, the same for every device.
/// Immutable; the same options give the same table.
/// </summary>
public sealed class SolverTable
{
    /// <summary>The number of history slots.</summary>
    public const int HistorySlots = 4;

    internal SolverTable(SolverTableHead head, IEnumerable<SolverRow> rows)
    {
        Name = head.Name;
        Prediction = head.Prediction;
        InitNoiseScale = head.InitNoiseScale;
        Sigmas = Array.AsReadOnly(head.Sigmas.ToArray());
        Rows = Array.AsReadOnly(rows.ToArray());
        Steps = Rows.Count(row => row.EndsStep);
        FirstStep = head.FirstStep;
    }

    /// <summary>The solver's name in its reference: <c>DPMSolverMultistepScheduler</c>, <c>sample_euler_ancestral</c>.</summary>
    public string Name { get; }

    /// <summary>The prediction type of the network.</summary>
    public PredictionType Prediction { get; }

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<SolverRow> Rows { get; }

    /// <summary>The user's number of steps; a step of a second-order solver has two evaluations.</summary>
    public int Steps { get; }

    /// <summary>The number of steps of the full schedule omitted at the beginning (image to image).</summary>
    public int FirstStep { get; }

    /// <summary>The scale of the initial noise, without a starting picture.</summary>
    public double InitNoiseScale { get; }

    /// <summary>The factors of a picture and a noise in the initial x, with a starting picture.</summary>
    public NoiseMix InitPictureMix => Rows[0].AddNoise;

    /// <summary>
    /// The sigmas as the reference lists them: of the full schedule, the end included; doubled if the reference doubles them (diffusers' Heun and KDPM2).
    /// Empty for solvers without sigmas (DDIM, DDPM, PNDM, LCM, TCD).
    /// </summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>The number of noises drawn in a run.</summary>
    public int NoiseDraws => Rows.Sum(row => (row.DrawsBefore ? 1 : 0) + (row.DrawsAfter ? 1 : 0));

    /// <summary>The largest and the smallest positive noise level of the run: the ends of a Brownian path.</summary>
    public (double Largest, double Smallest) NoiseRange
    {
        get
        {
            double[] levels = [.. Sigmas.Count > 0 ? Sigmas.Where(sigma => sigma > 0) : Rows.Select(row => row.Sigma)];
            return (levels.Max(), levels.Min());
        }
    }
}

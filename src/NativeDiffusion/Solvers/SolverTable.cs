namespace NativeDiffusion.Solvers;

/// <summary>
/// A whole sampling run as numbers: one row for every evaluation of the network, the same for the CPU and any other device.
/// Immutable; the same options give the same table.
/// </summary>
public sealed class SolverTable
{
    /// <summary>How many history slots a row may use.</summary>
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

    /// <summary>The solver, in the words of its reference: <c>DPMSolverMultistepScheduler</c>, <c>sample_euler_ancestral</c>.</summary>
    public string Name { get; }

    /// <summary>What the network is taken to predict.</summary>
    public PredictionType Prediction { get; }

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<SolverRow> Rows { get; }

    /// <summary>How many steps the user sees; a step of a second-order solver has two evaluations.</summary>
    public int Steps { get; }

    /// <summary>How many steps of the full schedule were left out at the beginning (image to image).</summary>
    public int FirstStep { get; }

    /// <summary>What a standard normal noise is multiplied by to be the first x, when there is no picture to start from.</summary>
    public double InitNoiseScale { get; }

    /// <summary>What a picture and a noise are multiplied by to be the first x, when sampling starts from a picture.</summary>
    public NoiseMix InitPictureMix => Rows[0].AddNoise;

    /// <summary>
    /// The sigmas as the reference lists them: of the full schedule, the end included; doubled where the reference doubles them (diffusers' Heun and KDPM2).
    /// Empty for solvers that have none (DDIM, DDPM, PNDM, LCM, TCD).
    /// </summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>How many noises a run draws.</summary>
    public int NoiseDraws => Rows.Sum(row => (row.DrawsBefore ? 1 : 0) + (row.DrawsAfter ? 1 : 0));

    /// <summary>The largest noise level of the run and the smallest above zero: the ends of a Brownian path.</summary>
    public (double Largest, double Smallest) NoiseRange
    {
        get
        {
            double[] levels = [.. Sigmas.Count > 0 ? Sigmas.Where(sigma => sigma > 0) : Rows.Select(row => row.Sigma)];
            return (levels.Max(), levels.Min());
        }
    }
}

using System.Globalization;

namespace NativeDiffusion.Solvers;

/// <summary>Collects a table's rows and rejects non-finite numbers.</summary>
internal sealed class SolverTableBuilder(SolverTableHead head)
{
    private readonly List<SolverRow> _rows = [];
    private int _step;

    /// <summary>The prediction type of the network.</summary>
    public PredictionType Prediction => head.Prediction;

    /// <summary>Appends a row and counts its step.</summary>
    /// <exception cref="ArgumentException">A coefficient is not finite: the options have no result at this step.</exception>
    public void Add(SolverRow row)
    {
        if (!row.Next.IsFinite || !row.Save.IsFinite || !row.Prediction.IsFinite
            || !double.IsFinite(row.StoreX0 + row.StoreEps + row.NoiseBefore + row.InputScale + row.Timestep))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{head.Name}: step {_step + 1} (timestep {row.Timestep:g6}) divides by zero with these options, as in the reference; another "
                    + $"final_sigmas_type, prediction_type, spacing or number of steps avoids it."));
        }

        _rows.Add(row with { Step = _step });
        if (row.EndsStep) _step++;
    }

    /// <summary>The table.</summary>
    public SolverTable ToTable() => new(head, _rows);
}

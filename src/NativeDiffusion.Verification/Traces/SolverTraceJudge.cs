using System.Globalization;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>
/// Compares a solver's run with a golden trace: call the comparisons for the trace's contents, then <see cref="Result"/>.
/// Every quantity has its own budget, so the error is reported as a share of it: 1 is the largest that passes.
/// </summary>
public sealed class SolverTraceJudge : IDisposable
{
    private const double FractionalTimestepBudget = 5e-4;
    private const double SigmaBudget = 1e-6;
    private const double SampleBudget = 2e-6;

    private readonly SafetensorsFile _file;
    private readonly string _name;
    private readonly float[] _samples;
    private double _scale;
    private double _worst;
    private string? _detail;

    /// <summary>Opens the tensors beside the JSON.</summary>
    /// <param name="path">The golden JSON; its tensors are beside it under the same name.</param>
    /// <param name="name">The case: its tensors are <c>NAME.samples</c>, <c>NAME.sigmas</c> and so on.</param>
    /// <exception cref="CheckpointException">The tensors are missing or cannot be read.</exception>
    public SolverTraceJudge(string path, string name)
    {
        _file = SafetensorsFile.Open(Path.ChangeExtension(path, ".safetensors"));
        _name = name;
        _samples = _file.ReadAll(name + ".samples");
    }

    /// <summary>Whether the file has a tensor of this case.</summary>
    /// <param name="tensor">Its name without the case's: <c>sigmas</c>.</param>
    public bool Has(string tensor) => _file.TryGet($"{_name}.{tensor}", out _, out _);

    /// <summary>Compares the timesteps: whole ones must be equal.</summary>
    /// <param name="tensor">The expected ones, float64 of one extent; the name without the case's.</param>
    /// <param name="table">The solver that was run.</param>
    public void Timesteps(string tensor, SolverTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] expected = Doubles(tensor);
        Count(tensor, expected.Length, table.Rows.Count);
        for (int i = 0; i < Math.Min(expected.Length, table.Rows.Count); i++)
        {
            double difference = Math.Abs(expected[i] - table.Rows[i].Timestep);
            bool whole = expected[i] == Math.Round(expected[i]) && table.Rows[i].Timestep == Math.Round(table.Rows[i].Timestep);
            double share = whole && difference > 0 ? double.PositiveInfinity : difference / FractionalTimestepBudget;
            Worst(share, $"timestep {i}: expected {expected[i]:g9}, made {table.Rows[i].Timestep:g9}");
        }
    }

    /// <summary>Compares the sigmas, relative; a case without any is skipped.</summary>
    /// <param name="table">The solver that was run.</param>
    public void Sigmas(SolverTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (!Has("sigmas")) return;
        double[] expected = Doubles("sigmas");
        Count("sigmas", expected.Length, table.Sigmas.Count);
        for (int i = 0; i < Math.Min(expected.Length, table.Sigmas.Count); i++) Number($"sigma {i}", expected[i], table.Sigmas[i]);
    }

    /// <summary>Compares a number, relative to the expected one.</summary>
    /// <param name="what">Its name, for the detail of a miss.</param>
    /// <param name="expected">The golden's.</param>
    /// <param name="actual">The run's.</param>
    public void Number(string what, double expected, double actual) =>
        Worst(expected == actual ? 0 : Math.Abs(expected - actual) / Math.Abs(expected) / SigmaBudget, $"{what}: expected {expected:g9}, made {actual:g9}");

    /// <summary>Compares a count, which must be equal.</summary>
    /// <param name="what">The counted quantity, for the detail of a miss.</param>
    /// <param name="expected">The golden's.</param>
    /// <param name="actual">The run's.</param>
    public void Count(string what, int expected, int actual) =>
        Worst(expected == actual ? 0 : double.PositiveInfinity, $"{what}: expected {expected}, made {actual}");

    /// <summary>
    /// Compares the state after a step, relative to the largest number before or after it. If a step changes x from
    /// thousands to tens (zero terminal SNR), the reference's own float32 rounding is that of the thousands, and later steps propagate it as
    /// a share of x: so the scale does the same.
    /// </summary>
    /// <param name="step">The step's index; one beyond the trace is skipped.</param>
    /// <param name="before">The state before the step, float32, row-major, of the golden's shape.</param>
    /// <param name="after">The state after it, likewise.</param>
    public void Sample(int step, float[] before, float[] after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if ((step + 1) * after.Length > _samples.Length) return;
        ReadOnlySpan<float> expected = _samples.AsSpan(step * after.Length, after.Length);
        double from = Largest(before), to = Largest(expected), largest = Math.Max(Math.Max(from, to), _scale * to / from);
        _scale = largest;
        for (int i = 0; i < after.Length; i++)
        {
            Worst(
                Math.Abs((double)expected[i] - after[i]) / (largest * SampleBudget),
                $"step {step}, element {i}: expected {expected[i]:g9}, made {after[i]:g9}, largest {largest:g4}");
        }
    }

    private static double Largest(ReadOnlySpan<float> x)
    {
        double largest = 0;
        foreach (float value in x) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    /// <summary>The verdict over all comparisons; the error is the worst share of a budget, and the budget is 1.</summary>
    public VerifyResult Result() => VerifyResult.Judge(_worst, 1, _detail);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private double[] Doubles(string tensor)
    {
        _file.TryGet($"{_name}.{tensor}", out TensorShape shape, out _);
        double[] numbers = new double[shape.Count];
        _file.ReadFloat64($"{_name}.{tensor}", numbers);
        return numbers;
    }

    private void Worst(double share, FormattableString detail)
    {
        if (double.IsNaN(share)) share = double.PositiveInfinity;
        if (share <= _worst) return;
        _worst = share;
        _detail = detail.ToString(CultureInfo.InvariantCulture);
    }
}

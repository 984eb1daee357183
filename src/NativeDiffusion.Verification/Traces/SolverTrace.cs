using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>
/// Runs a solver's table against the network of the solver goldens, e = 0.7·x / √(1 + x²) + 0.2·p·t / 1000, with recipe noises, and keeps the state.
/// </summary>
/// <param name="table">The solver's table.</param>
/// <param name="prefix">The prefix of the names of the recipe's inputs: first state, pattern p and noises.</param>
/// <param name="shape">The state's shape, [N, C, H, W].</param>
public sealed class SolverTrace(SolverTable table, string prefix, TensorShape shape)
{
    private readonly float[] _pattern = RecipeTensors.Input(prefix + "trace.pattern", shape.Count);
    private int _drawn;

    /// <summary>Number of noises drawn so far.</summary>
    public int Drawn => _drawn;

    /// <summary>
    /// Runs every row; the state is passed to the callback before each evaluation (after churn) and at the end, with the number of noises drawn so far.
    /// </summary>
    /// <param name="seen">Receives the index of the next row, and the state: float32, row-major, valid only during the call.</param>
    public void Run(Action<int, float[]> seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        SolverRun run = SolverRun.FromNoise(table, new Tensor(shape, RecipeTensors.Input(prefix + "trace.x", shape.Count)));
        while (!run.IsDone)
        {
            SolverRow row = run.Row;
            Tensor input = run.ModelInput(row.DrawsBefore ? Draw() : null);
            seen(run.RowIndex, run.X.Data);
            Tensor prediction = Network(input, row.Timestep);
            run.Step([prediction], Guidance.None, row.DrawsAfter ? Draw() : null);
        }

        seen(run.RowIndex, run.X.Data);
    }

    private Tensor Draw() => new(shape, RecipeTensors.Input($"{prefix}trace.noise.{_drawn++}", shape.Count));

    private Tensor Network(Tensor input, double timestep)
    {
        float[] e = new float[input.Data.Length];
        for (int i = 0; i < e.Length; i++)
        {
            double x = input.Data[i];
            e[i] = (float)(0.7 * x / Math.Sqrt(1 + x * x) + 0.2 * _pattern[i] * timestep / 1000);
        }

        return new Tensor(shape, e);
    }
}

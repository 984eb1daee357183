using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>
/// The network of a data set that is one Gaussian of known deviation: its ε and the solution of its probability flow are known in closed form
/// (x at level σ, as x0 + σε, is x at the start times √((c² + σ²) / (c² + σ_start²))).
/// </summary>
internal static class GaussianDenoiser
{
    private const double Deviation = 0.6;

    /// <summary>Runs a table without noise and tells the largest error at its end, relative to the largest number of the solution.</summary>
    public static double RelativeError(SolverTable table, double lastSigma)
    {
        var shape = new TensorShape(1, 1, 2, 8);
        float[] start = [.. Enumerable.Range(0, (int)shape.Count).Select(i => (float)((i - 7.3) / 5))];
        SolverRun run = SolverRun.FromNoise(table, new Tensor(shape, start));
        double firstSigma = table.Rows[0].Sigma, signal = table.Rows[0].SignalLevel;
        double[] x = [.. run.X.Data.Select(value => value / signal)];
        while (!run.IsDone)
        {
            SolverRow row = run.Row;
            _ = run.ModelInput(row.DrawsBefore ? new Tensor(shape) : null);
            float[] prediction = [.. run.X.Data.Select(value => (float)Prediction(table.Prediction, row, value))];
            run.Step([new Tensor(shape, prediction)], Guidance.None, row.DrawsAfter ? new Tensor(shape) : null);
        }

        double scale = Math.Sqrt((Deviation * Deviation + lastSigma * lastSigma) / (Deviation * Deviation + firstSigma * firstSigma));
        double alpha = table.Rows[0].SignalLevel == 1 ? 1 : 1 / Math.Sqrt(1 + lastSigma * lastSigma);
        double worst = 0, largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = x[i] * scale * alpha;
            worst = Math.Max(worst, Math.Abs(exact - run.X.Data[i]));
            largest = Math.Max(largest, Math.Abs(exact));
        }

        return worst / largest;
    }

    // The best guess of ε, and what a network of the other kinds would say for it.
    private static double Prediction(PredictionType type, SolverRow row, double value)
    {
        double a = row.SignalLevel, s = row.NoiseLevel, variance = a * a * Deviation * Deviation + s * s;
        double eps = value * s / variance, x0 = value * a * Deviation * Deviation / variance, root = Math.Sqrt(a * a + s * s);
        return type switch
        {
            PredictionType.Epsilon => eps,
            PredictionType.Sample => x0,
            _ => (a * eps - s * x0) / root,
        };
    }
}

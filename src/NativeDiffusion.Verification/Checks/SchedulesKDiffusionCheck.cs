using System.Text.Json;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>
/// <c>schedules-k-diffusion*.json</c>: k-diffusion's samplers on its schedules: sigmas, the timesteps passed to the network, noise draws and the state
/// after each step (with the next step's churn in it).
/// </summary>
internal sealed class SchedulesKDiffusionCheck : IGoldenCheck
{
    /// <inheritdoc/>
    public bool Handles(string fileName) =>
        fileName.StartsWith("schedules-k-diffusion", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path) => ScheduleCases.Of(path, Check);

    private static VerifyResult Check(string path, JsonElement entry, string prefix, TensorShape shape)
    {
        SolverTable table;
        try
        {
            table = KDiffusionSolvers.CreateTable(StepArguments.KDiffusion(entry));
        }
        catch (ArgumentException refused)
        {
            return VerifyResult.Skip(refused.Message);
        }

        using var judge = new SolverTraceJudge(path, entry.GetProperty("case").GetString()!);
        judge.Timesteps("model_timesteps", table);
        judge.Sigmas(table);
        var trace = new SolverTrace(table, prefix, shape);
        int step = 0;
        float[] before = [];
        trace.Run((row, x) =>
        {
            if (row > 0 && !table.Rows[row - 1].EndsStep) return;
            if (row > 0) judge.Sample(step++, before, x);
            before = [.. x];
        });
        judge.Count("noise calls", entry.GetProperty("noise_calls").GetInt32(), trace.Drawn);
        return judge.Result();
    }
}

using System.Text.Json;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary><c>schedules-diffusers*.json</c>: every scheduler's timesteps, sigmas, initial scale, noise draws and the state after each step.</summary>
internal sealed class SchedulesDiffusersCheck : IGoldenCheck
{
    /// <inheritdoc/>
    public bool Handles(string fileName) =>
        fileName.StartsWith("schedules-diffusers", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path) => ScheduleCases.Of(path, Check);

    private static VerifyResult Check(string path, JsonElement entry, string prefix, TensorShape shape)
    {
        SolverTable table;
        try
        {
            SchedulerConfig config = SchedulerConfigReader.Read(entry.GetProperty("config"), entry.GetProperty("scheduler").GetString());
            table = DiffusersSolvers.CreateTable(config, StepArguments.Diffusers(entry));
        }
        catch (ArgumentException refused)
        {
            return VerifyResult.Skip(refused.Message);
        }

        using var judge = new SolverTraceJudge(path, entry.GetProperty("case").GetString()!);
        judge.Timesteps("timesteps", table);
        judge.Sigmas(table);
        judge.Number("init_noise_sigma", entry.GetProperty("init_noise_sigma").GetDouble(), table.InitNoiseScale);
        int[] calls = [.. entry.GetProperty("noise_calls_after_step").EnumerateArray().Select(count => count.GetInt32())];
        var trace = new SolverTrace(table, prefix, shape);
        float[] before = [];
        trace.Run((row, x) =>
        {
            if (row > 0) judge.Sample(row - 1, before, x);
            before = [.. x];
            if (row == 0) return;
            if (row - 1 < calls.Length) judge.Count("noise calls", calls[row - 1], trace.Drawn);
        });
        judge.Count("steps", calls.Length, table.Rows.Count);
        return judge.Result();
    }
}

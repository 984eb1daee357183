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
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using JsonDocument json = PythonJson.Parse(File.ReadAllText(path));
        string prefix = json.RootElement.GetProperty("inputs_prefix").GetString()!;
        var shape = new TensorShape([.. json.RootElement.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())]);
        return
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Select(entry => entry.Clone()).Select(entry =>
                new VerifyCase($"{stem}/{entry.GetProperty("case").GetString()}", 0, _ => Check(path, entry, prefix, shape))),
        ];
    }

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

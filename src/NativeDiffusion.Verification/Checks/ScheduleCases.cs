using System.Text.Json;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>The cases of a file of solver traces: one for each entry of <c>cases</c>, over the file's inputs.</summary>
internal static class ScheduleCases
{
    /// <summary>Compares one trace.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The case.</param>
    /// <param name="prefix">Recipe prefix of its inputs.</param>
    /// <param name="shape">The state's.</param>
    public delegate VerifyResult Check(string path, JsonElement entry, string prefix, TensorShape shape);

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file, JSON with Python's numbers.</param>
    /// <param name="check">Compares one trace.</param>
    public static IEnumerable<VerifyCase> Of(string path, Check check)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        using JsonDocument json = PythonJson.Parse(File.ReadAllText(path));
        string prefix = json.RootElement.GetProperty("inputs_prefix").GetString()!;
        var shape = new TensorShape([.. json.RootElement.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())]);
        return
        [
            .. json.RootElement.GetProperty("cases").EnumerateArray().Select(entry => entry.Clone()).Select(entry =>
                new VerifyCase($"{stem}/{entry.GetProperty("case").GetString()}", 0, _ => check(path, entry, prefix, shape))),
        ];
    }
}

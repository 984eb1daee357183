using System.Text.Json;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Cuda.Tests.Interop;

/// <summary>NVIDIA's headers as data: tests/goldens/cuda/abi.json, extracted by a compiler.</summary>
internal sealed class AbiHeader
{
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Goldens, "cuda", "abi.json"))).RootElement;

    private AbiHeader(JsonElement library)
    {
        foreach (JsonProperty function in library.GetProperty("functions").EnumerateObject())
        {
            if (function.Value.ValueKind == JsonValueKind.Array)
            {
                Add(function.Name, function.Name, function.Value);
                continue;
            }

            Add(function.Name, function.Value.GetProperty("symbol").GetString()!, function.Value.GetProperty("parameters"));
            if (function.Value.TryGetProperty("older", out JsonElement older))
                Older[older.GetProperty("symbol").GetString()!] = Parameters(older.GetProperty("parameters"));
            if (function.Value.TryGetProperty("since", out JsonElement since))
                Since[function.Name] = since.GetString()!;
        }

        foreach (JsonProperty value in library.GetProperty("values").EnumerateObject())
            Values[value.Name] = value.Value.GetInt64();
        if (library.TryGetProperty("structs", out JsonElement structures))
        {
            foreach (JsonProperty structure in structures.EnumerateObject())
            {
                Structures[structure.Name] = (
                    structure.Value.GetProperty("size").GetInt32(),
                    structure.Value.GetProperty("offsets").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetInt32()));
            }
        }
    }

    public static AbiHeader Driver { get; } = new(s_root.GetProperty("driver"));

    public static AbiHeader Cublas { get; } = new(s_root.GetProperty("cublas"));

    public static AbiHeader Nvrtc { get; } = new(s_root.GetProperty("nvrtc"));

    /// <summary>By the header's name: the exported symbol and the parameters.</summary>
    public Dictionary<string, (string Symbol, AbiParameter[] Parameters)> Functions { get; } = [];

    /// <summary>By symbol: the form that older drivers export.</summary>
    public Dictionary<string, AbiParameter[]> Older { get; } = [];

    /// <summary>By the header's name: the version according to the header's data.</summary>
    public Dictionary<string, string> Since { get; } = [];

    public Dictionary<string, long> Values { get; } = [];

    public Dictionary<string, (int Size, Dictionary<string, int> Offsets)> Structures { get; } = [];

    private static AbiParameter[] Parameters(JsonElement list) =>
        [.. list.EnumerateArray().Select(text => text.GetString()!).Where(text => text != "void").Select(AbiParameter.Parse)];

    private void Add(string name, string symbol, JsonElement parameters) => Functions[name] = (symbol, Parameters(parameters));
}

using System.Text.Json;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>A golden file whose weights and inputs come from the recipe: the JSON, the tensors beside it, and both prefixes.</summary>
internal sealed class RecipeFile : IDisposable
{
    private readonly JsonDocument _json;

    private RecipeFile(JsonDocument json, SafetensorsFile tensors)
    {
        _json = json;
        Tensors = tensors;
        Cases = json.RootElement.TryGetProperty("cases", out JsonElement cases) && cases.ValueKind == JsonValueKind.Array ? [.. cases.EnumerateArray()] : [];
    }

    /// <summary>The JSON's root.</summary>
    public JsonElement Root => _json.RootElement;

    /// <summary>The model's configuration.</summary>
    public JsonElement Config => Root.GetProperty("config");

    /// <summary>The recipe's weights under the file's prefix.</summary>
    public WeightScope Weights => new(new RecipeWeights(Root.GetProperty("weights_prefix").GetString()!));

    /// <summary>The cases, if they are a list.</summary>
    public JsonElement[] Cases { get; }

    /// <summary>The expected numbers.</summary>
    public SafetensorsFile Tensors { get; }

    /// <summary>Opens NAME.json and NAME.safetensors beside it.</summary>
    public static RecipeFile Open(string path)
    {
        var json = JsonDocument.Parse(File.ReadAllBytes(path));
        try
        {
            return new RecipeFile(json, SafetensorsFile.Open(Path.ChangeExtension(path, ".safetensors")));
        }
        catch
        {
            json.Dispose();
            throw;
        }
    }

    /// <summary>An input by the recipe, times the case's <c>input_scale</c>.</summary>
    public Tensor Input(string name, JsonElement golden, params ReadOnlySpan<int> shape)
    {
        var extents = new TensorShape(shape);
        float[] data = RecipeTensors.Input(Root.GetProperty("inputs_prefix").GetString() + name, extents.Count);
        if (golden.TryGetProperty("input_scale", out JsonElement scale))
            for (int i = 0; i < data.Length; i++) data[i] = (float)(data[i] * scale.GetDouble());
        return new Tensor(extents, data);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tensors.Dispose();
        _json.Dispose();
    }
}

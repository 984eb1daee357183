using System.Globalization;
using System.Text.Json;

namespace NativeDiffusion.Weights;

/// <summary>Reads the values of a component's config.json; a value of another kind or outside its range is an error.</summary>
internal sealed class ConfigReader
{
    /// <summary>Larger than any real layer, small enough that products of a few sizes cannot overflow.</summary>
    public const int LargestSize = 1 << 20;

    private readonly JsonElement _root;

    /// <summary>Creates a reader.</summary>
    /// <param name="root">The object.</param>
    /// <param name="file">The file's name, for messages.</param>
    public ConfigReader(JsonElement root, string file)
    {
        File = file;
        _root = root;
        if (root.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{file}: a configuration must be a JSON object, found {Describe(root)}.", file);
    }

    /// <summary>The file's name, for messages.</summary>
    public string File { get; }

    /// <summary>A value that is present and not null.</summary>
    public bool Has(string key, out JsonElement value) => _root.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>An integer of 1 or more, or the default.</summary>
    public int Size(string key, int otherwise) => Has(key, out JsonElement value) ? Size(key, value) : otherwise;

    /// <summary>An integer of any sign, or the default.</summary>
    public int Whole(string key, int otherwise)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Bad(key, "must be a whole number", value);
    }

    /// <summary>A finite number, or the default.</summary>
    public double Number(string key, double otherwise)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        return LenientJson.TryGetNumber(value, out double number) && double.IsFinite(number) ? number : throw Bad(key, "must be a finite number", value);
    }

    /// <summary>True or false, or the default.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Bad(key, "must be true or false", value);
    }

    /// <summary>A string, or the default.</summary>
    public string Text(string key, string otherwise)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(key, "must be a string", value);
    }

    /// <summary>A list of sizes, or the default.</summary>
    public int[] Sizes(string key, int[] otherwise)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > 16) throw Bad(key, "must be a list of 1 to 16 sizes", value);
        return [.. value.EnumerateArray().Select(item => Size(key, item))];
    }

    /// <summary>A size for all blocks or a list with one for each.</summary>
    public int[] SizePerBlock(string key, int otherwise, int blocks)
    {
        if (!Has(key, out JsonElement value)) return [.. Enumerable.Repeat(otherwise, blocks)];
        if (value.ValueKind != JsonValueKind.Array) return [.. Enumerable.Repeat(Size(key, value), blocks)];
        int[] sizes = Sizes(key, []);
        return sizes.Length == blocks ? sizes : throw Bad(key, $"must be one number or a list of {blocks}, one for each block", value);
    }

    /// <summary>A list of strings out of a few, or the default.</summary>
    public string[] Choices(string key, string[] otherwise, int count, params ReadOnlySpan<string> allowed)
    {
        if (!Has(key, out JsonElement value)) return otherwise;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != count) throw Bad(
            key, $"must be a list of {count} names, one for each block", value);
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            JsonElement item = value[i];
            names[i] = item.ValueKind == JsonValueKind.String && allowed.Contains(item.GetString()!)
                ? item.GetString()!
                : throw Bad(key, $"must hold {string.Join(" or ", allowed!)}", item);
        }

        return names;
    }

    /// <summary>Rejects a value outside of Stable Diffusion 1.5's architecture; absent and null are always accepted.</summary>
    /// <param name="key">The key.</param>
    /// <param name="allowed">The values accepted, in JSON spelling (<c>"silu"</c>, <c>false</c>, <c>1</c>); empty if only null is.</param>
    public void Require(string key, params ReadOnlySpan<string> allowed)
    {
        if (!Has(key, out JsonElement value)) return;
        foreach (string choice in allowed)
        {
            using JsonDocument expected = JsonDocument.Parse(choice);
            if (JsonElement.DeepEquals(expected.RootElement, value)) return;
        }

        throw Bad(
            key, allowed.Length == 0 ? "must be null" : $"must be {string.Join(" or ", allowed!)}", value, " This is not Stable Diffusion 1.5's architecture.");
    }

    /// <summary>Requires that one number is a multiple of another.</summary>
    public void RequireMultiple(string key, int number, string divisorKey, int divisor)
    {
        if (number % divisor != 0)
            throw new CheckpointException($"{File}: {key} {number} must be a multiple of {divisorKey} {divisor}.", File, key);
    }

    /// <summary>The message for an invalid value.</summary>
    public CheckpointException Bad(string key, string expected, JsonElement found, string tail = "") =>
        new($"{File}: {key} {expected}, found {Describe(found)}.{tail}", File, key);

    private int Size(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 1 and <= LargestSize
            ? number
            : throw Bad(key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {LargestSize}"), value);

    private static string Describe(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
    }
}

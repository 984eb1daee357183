using System.Globalization;
using System.Text;

namespace NativeDiffusion.Imaging;

/// <summary>
/// A1111's generation parameters, the <c>parameters</c> chunk of a PNG: the prompt, a line "Negative prompt: …" and a last line of "Key: value" pairs.
/// Unknown keys are kept. Immutable.
/// </summary>
public sealed class GenerationParameters
{
    private const string NegativeMark = "Negative prompt:";

    private readonly List<KeyValuePair<string, string>> _fields;

    /// <summary>Creates generation parameters from their parts.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="negativePrompt">The negative prompt, empty for none.</param>
    /// <param name="fields">Keys and values in any order: known keys are put in A1111's order, unknown ones before "Version". Of equal keys the last
    /// counts.</param>
    /// <exception cref="ArgumentException">An invalid key: it must be at least two letters, digits, blanks, underscores, slashes or hyphens,
    /// beginning with one of the first two.</exception>
    public GenerationParameters(string prompt, string negativePrompt, IEnumerable<KeyValuePair<string, string>> fields)
        : this(prompt, negativePrompt, InOrder(fields))
    {
    }

    private GenerationParameters(string prompt, string negativePrompt, List<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(negativePrompt);
        Prompt = prompt;
        NegativePrompt = negativePrompt;
        _fields = fields;
    }

    /// <summary>The prompt.</summary>
    public string Prompt { get; }

    /// <summary>The negative prompt, empty for none.</summary>
    public string NegativePrompt { get; }

    /// <summary>Keys and values, unquoted, in the text's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key]
    {
        get
        {
            int index = _fields.FindIndex(field => field.Key == key);
            return index < 0 ? null : _fields[index].Value;
        }
    }

    /// <summary>"Steps", or null.</summary>
    public int? Steps => Whole("Steps");

    /// <summary>"Sampler", or null.</summary>
    public string? Sampler => this["Sampler"];

    /// <summary>"Schedule type"; "Automatic" if absent.</summary>
    public string ScheduleType => this["Schedule type"] ?? "Automatic";

    /// <summary>"CFG scale", or null.</summary>
    public double? CfgScale => Number("CFG scale");

    /// <summary>"Seed", or null.</summary>
    public ulong? Seed => Seed64("Seed");

    /// <summary>"Size" in pixels, or null.</summary>
    public (int Width, int Height)? Size => Extents("Size");

    /// <summary>"Model hash": the first ten hexadecimal digits of the file's SHA-256, or null.</summary>
    public string? ModelHash => this["Model hash"];

    /// <summary>"Model": the checkpoint's name, or null.</summary>
    public string? Model => this["Model"];

    /// <summary>"VAE hash", or null.</summary>
    public string? VaeHash => this["VAE hash"];

    /// <summary>"VAE", or null.</summary>
    public string? Vae => this["VAE"];

    /// <summary>"Variation seed", or null.</summary>
    public ulong? VariationSeed => Seed64("Variation seed");

    /// <summary>"Variation seed strength"; 0 if absent.</summary>
    public double VariationStrength => Number("Variation seed strength") ?? 0;

    /// <summary>"Seed resize from" in pixels, or null.</summary>
    public (int Width, int Height)? SeedResizeFrom => Extents("Seed resize from");

    /// <summary>"Denoising strength", or null.</summary>
    public double? DenoisingStrength => Number("Denoising strength");

    /// <summary>"Clip skip", A1111's count; 1 if absent.</summary>
    public int ClipSkip => Whole("Clip skip") ?? 1;

    /// <summary>"ENSD", the eta noise seed delta; 0 if absent.</summary>
    public long EtaNoiseSeedDelta => long.TryParse(this["ENSD"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long delta) ? delta : 0;

    /// <summary>"RNG": GPU, CPU or NV; GPU if absent.</summary>
    public string Rng => this["RNG"] ?? "GPU";

    /// <summary>"Lora hashes": adapter name to hash.</summary>
    public IReadOnlyDictionary<string, string> LoraHashes => HashList.Parse(this["Lora hashes"]);

    /// <summary>"TI hashes": embedding name to hash.</summary>
    public IReadOnlyDictionary<string, string> EmbeddingHashes => HashList.Parse(this["TI hashes"]);

    /// <summary>Parses generation parameters as A1111 does. Any text is valid: without a line of at least three pairs all of it is the prompt.</summary>
    /// <param name="text">The text.</param>
    public static GenerationParameters Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Trim().Split('\n');
        List<KeyValuePair<string, string>>? fields = FieldLine.Parse(lines[^1]);
        var prompt = new StringBuilder();
        var negative = new StringBuilder();
        StringBuilder part = prompt;
        foreach (string raw in fields is null ? lines : lines[..^1])
        {
            string line = raw.Trim();
            if (line.StartsWith(NegativeMark, StringComparison.Ordinal))
            {
                part = negative;
                line = line[NegativeMark.Length..].Trim();
            }

            if (part.Length > 0) part.Append('\n');
            part.Append(line);
        }

        return new GenerationParameters(prompt.ToString(), negative.ToString(), fields is null ? [] : Distinct(fields));
    }

    /// <summary>A copy with another value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null removes the key.</param>
    /// <exception cref="ArgumentException">The key is invalid.</exception>
    public GenerationParameters With(string key, string? value)
    {
        IEnumerable<KeyValuePair<string, string>> others = _fields.Where(field => field.Key != key);
        return new GenerationParameters(Prompt, NegativePrompt, value is null ? others : others.Append(new(key, value)));
    }

    /// <summary>The generation text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Prompt);
        if (NegativePrompt.Length > 0) text.Append('\n').Append(NegativeMark).Append(' ').Append(NegativePrompt);
        text.Append('\n').AppendJoin(", ", _fields.Select(FieldLine.Write));
        return text.ToString().Trim();
    }

    private static List<KeyValuePair<string, string>> InOrder(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        List<KeyValuePair<string, string>> distinct = Distinct(fields);
        foreach ((string key, string value) in distinct)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(fields));
            if (!FieldLine.IsKey(key)) throw new ArgumentException(
                $"'{key}' is not a valid key of generation parameters: expected two or more letters, digits, blanks, underscores, slashes or hyphens.", nameof(
                fields));
        }

        return [.. distinct.OrderBy(field => FieldOrder.Rank(field.Key))];
    }

    // As in a Python dictionary: a repeated key keeps its first position and its last value.
    private static List<KeyValuePair<string, string>> Distinct(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var distinct = new List<KeyValuePair<string, string>>();
        foreach (KeyValuePair<string, string> field in fields)
        {
            if (places.TryAdd(field.Key, distinct.Count)) distinct.Add(field);
            else distinct[places[field.Key]] = field;
        }

        return distinct;
    }

    private int? Whole(string key) =>
        int.TryParse(this[key], NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int value) ? value : null;

    private ulong? Seed64(string key) =>
        ulong.TryParse(this[key], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out ulong value) ? value : null;

    private double? Number(string key) =>
        double.TryParse(this[key], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private (int Width, int Height)? Extents(string key)
    {
        string[] parts = this[key]?.Trim().Split('x') ?? [];
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? (width, height)
            : null;
    }
}

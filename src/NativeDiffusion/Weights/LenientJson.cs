using System.Buffers;
using System.Text.Json;

namespace NativeDiffusion.Weights;

/// <summary>
/// JSON as Python writes it: the bare words NaN, Infinity and -Infinity, which diffusers writes to scheduler_config.json and strict
/// parsers reject, become strings of the same spelling.
/// </summary>
internal static class LenientJson
{
    private const long MaximumLength = 100_000_000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The root; it owns its memory.</returns>
    /// <exception cref="CheckpointException">The file cannot be read or is not JSON.</exception>
    public static JsonElement ReadFile(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > MaximumLength)
            throw new CheckpointException($"{path}: a JSON file of at most {MaximumLength} bytes is accepted, found {file.Length}.", path);
        using MappedView view = file.View(0, (int)file.Length);
        return Parse(view.Span, path);
    }

    /// <summary>Parses bytes.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <param name="file">The name for messages.</param>
    /// <returns>The root; it owns its memory.</returns>
    /// <exception cref="CheckpointException">It is not JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json, string file)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            ReadOnlyMemory<byte> quoted = Quoted(json);
            DecodeStrings(quoted.Span);
            using JsonDocument document = JsonDocument.Parse(quoted);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{file}: is not valid JSON: {exception.Message}", file, null, exception);
        }
    }

    private static ReadOnlyMemory<byte> Quoted(ReadOnlySpan<byte> json)
    {
        var quoted = new ArrayBufferWriter<byte>(json.Length + 64);
        bool inString = false;
        int copied = 0;
        for (int i = 0; i < json.Length; i++)
        {
            byte letter = json[i];
            if (inString && letter == '\\') i++;
            else if (letter == '"') inString = !inString;
            else if (!inString && letter is (byte)'N' or (byte)'I' or (byte)'-')
            {
                ReadOnlySpan<byte> rest = json[i..];
                int length = rest.StartsWith("-Infinity"u8) ? 9 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("NaN"u8) ? 3 : 0;
                if (length == 0) continue;
                quoted.Write(json[copied..i]);
                quoted.Write("\""u8);
                quoted.Write(rest[..length]);
                quoted.Write("\""u8);
                copied = i + length;
                i = copied - 1;
            }
        }

        quoted.Write(json[copied..]);
        return quoted.WrittenMemory;
    }

    // A document keeps invalid UTF-8 and lone surrogates until a string is read; here they are reported once, on parsing.
    private static void DecodeStrings(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
        }
    }

    /// <summary>A number, possibly one of the words.</summary>
    /// <param name="element">A JSON number, or the string NaN, Infinity or -Infinity.</param>
    /// <param name="value">The number, when it is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryGetNumber(JsonElement element, out double value)
    {
        value = double.NaN;
        if (element.ValueKind == JsonValueKind.Number) return element.TryGetDouble(out value);
        if (element.ValueKind != JsonValueKind.String) return false;
        (bool known, value) = element.GetString() switch
        {
            "NaN" => (true, double.NaN),
            "Infinity" => (true, double.PositiveInfinity),
            "-Infinity" => (true, double.NegativeInfinity),
            _ => (false, double.NaN),
        };
        return known;
    }
}

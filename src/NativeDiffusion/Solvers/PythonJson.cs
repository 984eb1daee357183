using System.Text;
using System.Text.Json;

namespace NativeDiffusion.Solvers;

/// <summary>JSON as Python writes it: with bare <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which are not standard.</summary>
internal static class PythonJson
{
    private static readonly string[] s_words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>Parses a text; the three words become strings, which <see cref="Number"/> converts to numbers.</summary>
    /// <param name="text">The whole text.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static JsonDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return JsonDocument.Parse(s_words.Skip(1).Any(word => text.Contains(word, StringComparison.Ordinal)) ? Quoted(text) : text);
    }

    /// <summary>A number, or one of the three words.</summary>
    /// <param name="value">A value of a document parsed here.</param>
    /// <exception cref="FormatException">Neither.</exception>
    /// <exception cref="InvalidOperationException">Neither.</exception>
    public static double Number(JsonElement value) => value.ValueKind != JsonValueKind.String ? value.GetDouble() : value.GetString() switch
    {
        "-Infinity" => double.NegativeInfinity,
        "Infinity" => double.PositiveInfinity,
        "NaN" => double.NaN,
        string other => throw new FormatException($"'{other}' is not a number."),
        null => throw new FormatException("A number is missing."),
    };

    private static string Quoted(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (inString && text[i] == '\\' && i + 1 < text.Length) result.Append(text[i++]);
            else if (text[i] == '"') inString = !inString;
            else if (!inString && s_words.FirstOrDefault(word => string.CompareOrdinal(text, i, word, 0, word.Length) == 0) is string found)
            {
                result.Append('"').Append(found).Append('"');
                i += found.Length - 1;
                continue;
            }

            result.Append(text[i]);
        }

        return result.ToString();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeDiffusion.Imaging;

/// <summary>
/// The last line of generation parameters. Parses what A1111's regular expression
/// <c>\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)</c> matches, in one pass over any line.
/// </summary>
internal static class FieldLine
{
    private const int LeastPairs = 3;

    /// <summary>All pairs of a line, values unquoted; none if there are too few. Empty values count, but are omitted, as in A1111.</summary>
    public static List<KeyValuePair<string, string>>? Parse(string line)
    {
        var fields = new List<KeyValuePair<string, string>>();
        int pairs = 0;
        int position = 0;
        while (position < line.Length)
        {
            int start = position;
            while (start < line.Length && !IsWord(line[start])) start++;
            int end = start;
            while (end < line.Length && IsKeyCharacter(line[end])) end++;
            if (end - start < 2 || end == line.Length || line[end] != ':')
            {
                position = Math.Max(end, start) + 1;
                continue;
            }

            position = end + 1;
            while (position < line.Length && char.IsWhiteSpace(line[position])) position++;
            int length = Quoted(line, position);
            if (length < 0)
            {
                int comma = line.IndexOf(',', position);
                length = (comma < 0 ? line.Length : comma) - position;
            }

            string value = Unquote(line.Substring(position, length));
            if (length > 0) fields.Add(new(line[start..end], value));
            pairs++;
            position += length + 1;
        }

        return pairs < LeastPairs ? null : fields;
    }

    /// <summary>One pair as text; a key alone when its value is the same.</summary>
    public static string Write(KeyValuePair<string, string> field) =>
        field.Key == field.Value ? field.Key : $"{field.Key}: {Quote(field.Value)}";

    /// <summary>Whether a key would be parsed as one.</summary>
    public static bool IsKey(string key) => key.Length >= 2 && IsWord(key[0]) && key.All(IsKeyCharacter);

    // Length of a quoted value followed by a comma or the end; -1 if it is not one.
    private static int Quoted(string line, int start)
    {
        if (start >= line.Length || line[start] != '"') return -1;
        int i = start + 1;
        while (i < line.Length && line[i] != '"') i += line[i] == '\\' ? 2 : 1;
        if (i >= line.Length || i == start + 1) return -1;
        return i + 1 == line.Length || line[i + 1] == ',' ? i + 1 - start : -1;
    }

    // A1111 quotes values with a comma, colon or line end. What its parser would change otherwise (outer blanks, outer quotes) is quoted here too.
    private static string Quote(string value)
    {
        bool plain = value.AsSpan().IndexOfAny(",:\n") < 0 && value.Length > 0 && value.Trim().Length == value.Length && value[0] != '"';
        if (plain) return value;
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"') return value;
        try
        {
            using JsonDocument json = JsonDocument.Parse(value);
            return json.RootElement.GetString() ?? value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return value; // not valid JSON: unchanged, as in A1111
        }
    }

    private static bool IsWord(char c) =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsKeyCharacter(char c) => IsWord(c) || c is ' ' or '-' or '/';
}

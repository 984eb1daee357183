using System.Globalization;
using System.Text.Json;
using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli.Inspect;

/// <summary>Writes facts as text and as JSON.</summary>
internal static class FactWriter
{
    private const int LongestList = 12;
    private const int LongestText = 300;

    /// <summary>Writes lines, inner facts below their heading.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<Fact> facts, string indent = "")
    {
        foreach (Fact fact in facts)
        {
            switch (fact.Value)
            {
                case IReadOnlyList<Fact> { Count: > 0 } inner:
                    terminal.Line(indent + Plain(fact.Name), "bold");
                    Write(terminal, inner, indent + "  ");
                    break;
                case IReadOnlyList<Fact>: break;
                case IReadOnlyList<string> { Count: > 0 } list:
                    terminal.Line($"{indent}{fact.Name} ({list.Count})", fact.Name is "missing" ? "red" : null);
                    foreach (string item in list.Take(LongestList)) terminal.Line($"{indent}  {Plain(item)}");
                    if (list.Count > LongestList) terminal.Line($"{indent}  … and {list.Count - LongestList} more (all under --json)");
                    break;
                case IReadOnlyList<string>: break;
                default:
                    terminal.Line($"{indent}{Plain(fact.Name).PadRight(Math.Max(1, 24 - indent.Length))} {Plain(Text(fact.Value))}");
                    break;
            }
        }
    }

    /// <summary>Writes an object.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Fact> facts)
    {
        json.WriteStartObject();
        foreach (Fact fact in facts)
        {
            json.WritePropertyName(fact.Name);
            switch (fact.Value)
            {
                case IReadOnlyList<Fact> inner: Write(json, inner); break;
                case IReadOnlyList<string> list:
                    json.WriteStartArray();
                    foreach (string item in list) json.WriteStringValue(item);
                    json.WriteEndArray();
                    break;
                case JsonElement element: element.WriteTo(json); break;
                case long number: json.WriteNumberValue(number); break;
                case double number: json.WriteNumberValue(number); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                default: json.WriteStringValue(Text(fact.Value)); break;
            }
        }

        json.WriteEndObject();
    }

    // Names and texts of a file may contain anything, also terminal control sequences.
    private static string Plain(string text)
    {
        string cut = text.Length > LongestText ? $"{text[..LongestText]}… ({text.Length} characters)" : text;
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static string Text(object value) => value switch
    {
        long number => number.ToString("#,0", CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        JsonElement element => element.GetRawText().ReplaceLineEnds(),
        _ => $"{value}",
    };

    private static string ReplaceLineEnds(this string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

using System.Globalization;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>Parsing of setting values; an invalid one is a <see cref="FormatException"/> that says what was expected.</summary>
internal static class SettingText
{
    /// <summary>An integer.</summary>
    public static int Whole(string text, int least = 1) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least ? value : throw new FormatException($"a whole number from {least}");

    /// <summary>A number.</summary>
    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) ? value : throw new FormatException("a number");

    /// <summary>A number from 0 to 1.</summary>
    public static double Share(string text) => Number(text) is >= 0 and <= 1 and double value ? value : throw new FormatException("a number from 0 to 1");

    /// <summary>A seed.</summary>
    public static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value
            : throw new FormatException("a whole number from 0 to 18446744073709551615");

    /// <summary>A seed, or -1 for a random one.</summary>
    public static ulong? SeedOrRandom(string text) => text == "-1" ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value
            : throw new FormatException("-1 for a random seed, or a whole number from 0 to 18446744073709551615");

    /// <summary>Numbers separated by commas or blanks.</summary>
    public static IReadOnlyList<double> Numbers(string text)
    {
        string[] parts = text.Split((char[])[',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries);
        double[] values = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                throw new FormatException($"numbers separated by commas ('{parts[i]}' is not a number)");
        }

        return values.Length > 0 ? values : throw new FormatException("at least one number");
    }

    /// <summary>A size: <c>512</c> or <c>512x768</c> (width by height).</summary>
    public static (int Width, int Height) Size(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        return parts.Length is 1 or 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? (width, height)
            : throw new FormatException("a size in pixels such as 512 or 512x768 (width x height)");
    }

    /// <summary>A word of a list, ignoring case, blanks and hyphens.</summary>
    public static T Choice<T>(string text, IReadOnlyList<(string Name, T Value)> choices)
    {
        foreach ((string name, T value) in choices)
        {
            if (Plain(name) == Plain(text))
                return value;
        }

        throw new FormatException($"one of {string.Join(", ", choices.Select(choice => choice.Name))}");
    }

    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}

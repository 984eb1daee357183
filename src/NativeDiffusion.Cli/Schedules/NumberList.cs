using System.CommandLine.Parsing;
using System.Globalization;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>Reads lists of numbers: <c>14.6,7.2,3,1,0</c>, with commas or blanks between.</summary>
internal static class NumberList
{
    /// <summary>The parser of an option.</summary>
    public static double[]? Parse(ArgumentResult result)
    {
        var numbers = new List<double>();
        foreach (string word in result.Tokens.SelectMany(
            token => token.Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                result.AddError($"'{word}' in the list is not a number.");
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}

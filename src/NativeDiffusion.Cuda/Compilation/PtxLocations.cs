using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>Maps a line of PTX to the line of its source: by the preceding .loc, and the .file of its number.</summary>
internal static partial class PtxLocations
{
    /// <summary>The location as <c>gemm.cu(12)</c>, or null if the text does not contain it.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="line">Its line, counted from 1.</param>
    public static string? SourceOf(string ptx, int line)
    {
        string[] lines = ptx.Split('\n');
        for (int i = Math.Min(line, lines.Length) - 1; i >= 0; i--)
        {
            if (Location().Match(lines[i]) is not { Success: true } at)
                continue;
            int file = int.Parse(at.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            string? name = lines.Select(text => File().Match(text)).FirstOrDefault(
                found => found.Success && int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) == file)?.Groups[2].Value;
            return name is null ? null : $"{Path.GetFileName(name)}({at.Groups[2].Value})";
        }

        return null;
    }

    /// <summary>An assembler's error prefixed with the line of the source; null if there is none, or the text does not contain its location.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="log">The assembler's log, with the line.</param>
    public static string? Translate(string ptx, string log)
    {
        foreach (string complaint in log.Split('\n'))
        {
            if (Line().Match(complaint) is { Success: true } line
                && SourceOf(ptx, int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) is string place)
                return $"{place}: {complaint[(line.Index + line.Length)..].Trim(' ', ';', ':')} (line {line.Groups[1].Value} of the PTX)";
        }

        return null;
    }

    [GeneratedRegex(@"\bline (\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Line();

    [GeneratedRegex(@"^\s*\.loc\s+(\d+)\s+(\d+)")]
    private static partial Regex Location();

    [GeneratedRegex("""^\s*\.file\s+(\d+)\s+"([^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex File();
}

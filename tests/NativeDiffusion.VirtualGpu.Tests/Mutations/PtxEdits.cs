using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Changes of one line of PTX.</summary>
internal static partial class PtxEdits
{
    /// <summary>Changes a line's last constant operand.</summary>
    public static string Constant(string text, Func<long, long> change) => LastConstant().Replace(
        text, match => ", " + change(long.Parse(match.ValueSpan[2..], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture), 1);

    /// <summary>Adds bytes to a line's address.</summary>
    public static string Offset(string text, long bytes) => Address().Replace(
        text, match => $"[{match.Groups[1]}+{(match.Groups[2].Success ? long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0) + bytes}]", 1);

    /// <summary>Swaps two registers.</summary>
    public static string Swap(string text, string first, string second) =>
        Register().Replace(text, match => match.Value == first ? second : match.Value == second ? first : match.Value);

    /// <summary>Replaces the last occurrence of a register.</summary>
    public static string Last(string text, string register, string other)
    {
        Match last = Register().Matches(text).Last(match => match.Value == register);
        return text[..last.Index] + other + text[(last.Index + last.Length)..];
    }

    [GeneratedRegex(@", -?\d+(?!.*, -?\d)")]
    private static partial Regex LastConstant();

    [GeneratedRegex(@"\[(%\w+)(?:\+(-?\d+))?\]")]
    private static partial Regex Address();

    [GeneratedRegex(@"%\w+")]
    private static partial Regex Register();
}

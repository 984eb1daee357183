using System.Text.RegularExpressions;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>What must hold of our kernels' PTX, whoever compiled it.</summary>
internal static partial class PtxText
{
    /// <summary>
    /// Additions, subtractions and products, fused or not, of floating point numbers that do not say how they round: an assembler may fuse them.
    /// </summary>
    public static IEnumerable<string> Unrounded(string ptx) => Arithmetic().Matches(ptx).Select(match => match.Value).Where(text => !Rounding().IsMatch(text));

    /// <summary>The version in a text's head, as 8.1.</summary>
    public static string Version(string ptx) => VersionLine().Match(ptx).Groups[1].Value;

    [GeneratedRegex(@"\b(add|sub|mul|mad|fma)((\.\w+)*)\.(f16|f16x2|bf16|bf16x2|f32|f32x2|f64)\b")]
    private static partial Regex Arithmetic();

    [GeneratedRegex(@"\.r[nzmp]\b")]
    private static partial Regex Rounding();

    [GeneratedRegex(@"^\.version (\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}

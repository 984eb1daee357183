using System.Text.RegularExpressions;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>An entry as its source declares it.</summary>
/// <param name="Name">Its name, as <c>group_norm_f16</c>.</param>
/// <param name="Parameters">Types and names, in order.</param>
internal sealed partial record KernelEntry(string Name, IReadOnlyList<(string Type, string Name)> Parameters)
{
    /// <summary>The entries of a source.</summary>
    public static IEnumerable<KernelEntry> Of(string source) => Declaration().Matches(source).Select(match => new KernelEntry(
        match.Groups[1].Value,
        [.. match.Groups[2].Value.Split(',')
            .Select(text => text.Replace("const ", "", StringComparison.Ordinal).Replace("__grid_constant__ ", "", StringComparison.Ordinal).Trim())
            .Select(Split)]));

    // half *x: a pointer.
    private static (string Type, string Name) Split(string text)
    {
        int end = text.LastIndexOfAny([' ', '*']) + 1;
        return (text[..end].Contains('*', StringComparison.Ordinal) ? "*" : text[..end].Trim(), text[end..]);
    }

    [GeneratedRegex("""extern "C" __global__ void (?:__launch_bounds__\([^)]*\)\s*)?(\w+)\(([^)]*)\)""")]
    private static partial Regex Declaration();
}

namespace NativeDiffusion.Cli.Inspect;

/// <summary>A fact about a file.</summary>
/// <param name="Name">One word, the JSON key.</param>
/// <param name="Value">A string, long, double, bool or JsonElement, a list of strings, or a list of facts.</param>
internal sealed record Fact(string Name, object Value);

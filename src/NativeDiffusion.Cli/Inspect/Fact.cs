namespace NativeDiffusion.Cli.Inspect;

/// <summary>Something that is known about a file.</summary>
/// <param name="Name">One word, as JSON calls it.</param>
/// <param name="Value">A string, long, double, bool or JsonElement, a list of strings, or a list of facts.</param>
internal sealed record Fact(string Name, object Value);

namespace NativeDiffusion.Cli.Models;

/// <summary>A model that lies in a searched folder.</summary>
/// <param name="Name">What <c>--model</c> calls it.</param>
/// <param name="Path">The full path of its file or folder.</param>
/// <param name="Kind">A word on its form: <c>diffusers folder</c>, <c>single file</c>.</param>
internal sealed record FoundModel(string Name, string Path, string Kind);

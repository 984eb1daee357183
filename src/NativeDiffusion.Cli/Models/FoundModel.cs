namespace NativeDiffusion.Cli.Models;

/// <summary>A model in a searched folder.</summary>
/// <param name="Name">Its name for <c>--model</c>.</param>
/// <param name="Path">The full path of its file or folder.</param>
/// <param name="Kind">Its format: <c>diffusers folder</c>, <c>single file</c>.</param>
internal sealed record FoundModel(string Name, string Path, string Kind);

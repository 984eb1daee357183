namespace NativeDiffusion.Cli.Sampling;

/// <summary>A generated and written picture.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Picture">The picture, its seed and its generation parameters.</param>
/// <param name="Timings">The times of its stages.</param>
/// <param name="Evaluations">The number of network evaluations.</param>
internal sealed record DrawnPicture(string Path, GeneratedPicture Picture, GenerationTimings Timings, int Evaluations);

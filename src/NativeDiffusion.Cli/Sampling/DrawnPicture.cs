namespace NativeDiffusion.Cli.Sampling;

/// <summary>A picture that was drawn and written.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Picture">The picture, its seed and its generation text.</param>
/// <param name="Timings">How long its stages took.</param>
/// <param name="Evaluations">How often the network ran.</param>
internal sealed record DrawnPicture(string Path, GeneratedPicture Picture, GenerationTimings Timings, int Evaluations);

namespace NativeDiffusion;

/// <summary>What a generation made.</summary>
/// <param name="Pictures">In the order of the seeds.</param>
/// <param name="Timings">How long the stages took.</param>
/// <param name="Evaluations">How often the network ran for each picture, guidance's second half not counted.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedPicture> Pictures, GenerationTimings Timings, int Evaluations);

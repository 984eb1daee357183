namespace NativeDiffusion;

/// <summary>The result of a generation.</summary>
/// <param name="Pictures">In the order of the seeds.</param>
/// <param name="Timings">The times of the stages.</param>
/// <param name="Evaluations">Network evaluations (NFE) of each picture; the two predictions of guidance count as one.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedPicture> Pictures, GenerationTimings Timings, int Evaluations);

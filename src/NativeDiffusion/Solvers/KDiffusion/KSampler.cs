namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>A sampler that is known.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">What it takes.</param>
/// <param name="Write">Writes its rows.</param>
internal sealed record KSampler(string Name, KArguments Arguments, Action<KRun> Write);

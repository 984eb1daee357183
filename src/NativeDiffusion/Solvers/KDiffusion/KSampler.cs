namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>A supported sampler.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Write">Creates its rows.</param>
internal sealed record KSampler(string Name, KArguments Arguments, Action<KRun> Write);

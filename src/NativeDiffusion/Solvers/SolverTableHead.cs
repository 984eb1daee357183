namespace NativeDiffusion.Solvers;

/// <summary>What a table says beside its rows.</summary>
internal sealed record SolverTableHead(string Name, PredictionType Prediction, double InitNoiseScale, IReadOnlyList<double> Sigmas, int FirstStep);

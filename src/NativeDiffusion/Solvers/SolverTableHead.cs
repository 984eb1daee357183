namespace NativeDiffusion.Solvers;

/// <summary>The properties of a table beside its rows.</summary>
internal sealed record SolverTableHead(string Name, PredictionType Prediction, double InitNoiseScale, IReadOnlyList<double> Sigmas, int FirstStep);

namespace NativeDiffusion.Cli.Bench;

/// <summary>The result of a benchmark.</summary>
/// <param name="Model">The model's path.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Batch">Pictures per generation.</param>
/// <param name="Steps">Steps per run.</param>
/// <param name="Stages">The times.</param>
/// <param name="LoadedBytes">Private memory after the model was opened.</param>
/// <param name="PrivateBytes">Private memory after the runs.</param>
/// <param name="PeakBytes">Peak resident memory, mapped files included.</param>
internal sealed record BenchReport(
    string Model, string Device, int Width, int Height, int Batch, int Steps, IReadOnlyList<StageTimes> Stages, long LoadedBytes, long PrivateBytes,
        long PeakBytes);

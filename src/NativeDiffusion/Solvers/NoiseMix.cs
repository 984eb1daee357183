namespace NativeDiffusion.Solvers;

/// <summary>A noised picture: Signal·x0 + Noise·n.</summary>
/// <param name="Signal">The factor of the picture.</param>
/// <param name="Noise">The factor of the noise.</param>
public readonly record struct NoiseMix(double Signal, double Noise);

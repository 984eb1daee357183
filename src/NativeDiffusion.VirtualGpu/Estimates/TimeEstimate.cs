namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// An estimate of a launch's time on a device, from counted work and the device's published rates. It has not been compared with hardware, leaves out
/// what <see cref="TimeEstimator"/> lists, and serves to compare two kernels, not to predict a time.
/// </summary>
/// <param name="Card">The device.</param>
/// <param name="Seconds">The time: the slowest resource plus the launch gap.</param>
/// <param name="Bound">The slowest resource.</param>
/// <param name="Resources">Seconds that each resource would take alone; the index is the <see cref="TimeBound"/>.</param>
/// <param name="GapSeconds">Time between this launch and the next in a graph.</param>
/// <param name="Waves">Waves of blocks.</param>
/// <param name="BlocksPerMultiprocessor">Resident blocks per multiprocessor.</param>
public sealed record TimeEstimate(
    string Card, double Seconds, TimeBound Bound, IReadOnlyList<double> Resources, double GapSeconds, int Waves, int BlocksPerMultiprocessor);

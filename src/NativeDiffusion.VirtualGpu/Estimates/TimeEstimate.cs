namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// An estimate of a launch's time on a card, made of counted work and the card's published rates. It was never compared with a card, leaves out
/// all that <see cref="TimeEstimator"/> names, and is meant for telling which of two kernels does better and why, not how long one takes.
/// </summary>
/// <param name="Card">The card.</param>
/// <param name="Seconds">The time: the slowest resource, and the gap.</param>
/// <param name="Bound">The slowest resource.</param>
/// <param name="Resources">Seconds that each resource would take alone; the index is the <see cref="TimeBound"/>.</param>
/// <param name="GapSeconds">Time between this launch and the next in a graph.</param>
/// <param name="Waves">Rounds of blocks that the card makes.</param>
/// <param name="BlocksPerMultiprocessor">Blocks that a multiprocessor holds at once.</param>
public sealed record TimeEstimate(
    string Card, double Seconds, TimeBound Bound, IReadOnlyList<double> Resources, double GapSeconds, int Waves, int BlocksPerMultiprocessor);

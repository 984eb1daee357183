namespace NativeDiffusion.Randomness;

/// <summary>A place in a counter-based stream, Philox 4x32-10 (Salmon et al. 2011): any device makes the same numbers from it.</summary>
/// <param name="Seed">The key.</param>
/// <param name="Call">The call that draws next; each draw of a noise is one call, its elements are the counter's other half.</param>
internal readonly record struct PhiloxKey(ulong Seed, uint Call);

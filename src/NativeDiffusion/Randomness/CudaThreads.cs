namespace NativeDiffusion.Randomness;

/// <summary>
/// The number of threads that torch launches for random numbers on a GPU. One call's elements are distributed over these threads, so noise of more
/// elements than the GPU has threads depends on the GPU: 512x512 latents fit everywhere, 1024x1024 latents do not fit a T4.
/// </summary>
/// <param name="Multiprocessors">The number of streaming multiprocessors.</param>
/// <param name="ThreadsPerMultiprocessor">The maximum resident threads of a multiprocessor: 1024, 1536 or 2048.</param>
public readonly record struct CudaThreads(int Multiprocessors, int ThreadsPerMultiprocessor)
{
    private const int Block = 256;

    /// <summary>The maximum threads of a call.</summary>
    public int Capacity => Multiprocessors * (ThreadsPerMultiprocessor / Block) * Block;

    /// <summary>The names that <see cref="ForCard"/> accepts, in NVIDIA's spelling without the manufacturer's name.</summary>
    public static IReadOnlyCollection<string> Cards => CudaCards.Table.Keys;

    /// <summary>The default GPU of the profiles.</summary>
    public static CudaThreads Default => new(128, 1536);

    /// <summary>Looks up a GPU by name.</summary>
    /// <param name="name">Such as <c>RTX 3060</c>, in any case, with or without blanks and "NVIDIA" or "GeForce" before it.</param>
    /// <exception cref="ArgumentException">The name is unknown; construct the record from the two numbers instead.</exception>
    public static CudaThreads ForCard(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string wanted = Plain(name);
        foreach ((string card, CudaThreads threads) in CudaCards.Table)
        {
            if (Plain(card) == wanted) return threads;
        }

        throw new ArgumentException(
            $"The GPU '{name}' is not known. Known are {string.Join(", ", Cards)}; for another, give its number of multiprocessors and threads per "
                + $"multiprocessor.", nameof(name));
    }

    /// <summary>The threads of a call for a number of elements: whole blocks of 256, at most the capacity.</summary>
    internal long For(long elements) => Math.Min((elements + Block - 1) / Block * Block, Capacity);

    private static string Plain(string name) => name
        .Replace("NVIDIA", "", StringComparison.OrdinalIgnoreCase)
        .Replace("GeForce", "", StringComparison.OrdinalIgnoreCase)
        .Replace(" ", "", StringComparison.Ordinal)
        .Replace("-", "", StringComparison.Ordinal)
        .ToUpperInvariant();
}

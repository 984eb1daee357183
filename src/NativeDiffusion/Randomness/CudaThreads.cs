namespace NativeDiffusion.Randomness;

/// <summary>
/// How many threads torch starts for random numbers on a card. One call's elements are dealt out to these threads, so noise of more
/// elements than the card has threads depends on the card: 512x512 latents fit everywhere, 1024x1024 latents do not fit a T4.
/// </summary>
/// <param name="Multiprocessors">The number of streaming multiprocessors.</param>
/// <param name="ThreadsPerMultiprocessor">The largest number of resident threads of one of them: 1024, 1536 or 2048.</param>
public readonly record struct CudaThreads(int Multiprocessors, int ThreadsPerMultiprocessor)
{
    private const int Block = 256;

    /// <summary>The most threads that a call can use.</summary>
    public int Capacity => Multiprocessors * (ThreadsPerMultiprocessor / Block) * Block;

    /// <summary>The names that <see cref="ForCard"/> knows, as NVIDIA writes them without the maker's name.</summary>
    public static IReadOnlyCollection<string> Cards => CudaCards.Table.Keys;

    /// <summary>The card that profiles name when nothing else is asked for.</summary>
    public static CudaThreads Default => new(128, 1536);

    /// <summary>Looks a card up by name.</summary>
    /// <param name="name">Such as <c>RTX 3060</c>, in any case, with or without blanks and "NVIDIA" or "GeForce" before it.</param>
    /// <exception cref="ArgumentException">The name is not known; give the two numbers instead.</exception>
    public static CudaThreads ForCard(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string wanted = Plain(name);
        foreach ((string card, CudaThreads threads) in CudaCards.Table)
        {
            if (Plain(card) == wanted) return threads;
        }

        throw new ArgumentException(
            $"The card '{name}' is not known. Known are {string.Join(", ", Cards)}; for another, give its number of multiprocessors and threads per "
                + $"multiprocessor.", nameof(name));
    }

    /// <summary>The threads that a call for some elements uses: whole blocks of 256, at most the capacity.</summary>
    internal long For(long elements) => Math.Min((elements + Block - 1) / Block * Block, Capacity);

    private static string Plain(string name) => name
        .Replace("NVIDIA", "", StringComparison.OrdinalIgnoreCase)
        .Replace("GeForce", "", StringComparison.OrdinalIgnoreCase)
        .Replace(" ", "", StringComparison.Ordinal)
        .Replace("-", "", StringComparison.Ordinal)
        .ToUpperInvariant();
}

namespace NativeDiffusion.Randomness;

/// <summary>
/// A batch of pictures with a stream each, as diffusers' list of generators and as A1111: every picture is the same as when generated alone.
/// (diffusers' single generator for a whole batch is a plain source, called for the whole batch at once.)
/// </summary>
internal sealed class BatchNoise : INoiseSource
{
    private readonly INoiseSource[] _pictures;

    /// <summary>Combines the pictures' streams.</summary>
    /// <param name="pictures">One source a picture, in the batch's order.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public BatchNoise(IReadOnlyCollection<INoiseSource> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0) throw new ArgumentException("A batch has at least one picture.", nameof(pictures));
        _pictures = [.. pictures];
    }

    /// <summary>Fills a batch [N, …]; each picture draws its own part.</summary>
    /// <param name="destination">N equal parts.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the number of pictures.</exception>
    public void Normal(Span<float> destination)
    {
        if (destination.Length % _pictures.Length != 0)
            throw new ArgumentException($"{destination.Length} numbers cannot be divided among {_pictures.Length} pictures.", nameof(destination));
        int size = destination.Length / _pictures.Length;
        for (int i = 0; i < _pictures.Length; i++) _pictures[i].Normal(destination.Slice(i * size, size));
    }
}

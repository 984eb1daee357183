namespace NativeDiffusion.Imaging;

/// <summary>What a PNG reader refuses before it allocates anything.</summary>
public sealed record PngLimits
{
    /// <summary>64 megapixels, 256 MiB of file, 4 MiB a text and 16 MiB of texts.</summary>
    public static PngLimits Default { get; } = new();

    /// <summary>The most pixels, at most 2^29.</summary>
    public long Pixels { get; init; } = 1L << 26;

    /// <summary>The most bytes of the file, below 2 GiB.</summary>
    public long FileBytes { get; init; } = 1L << 28;

    /// <summary>The most bytes of one text, unpacked.</summary>
    public int TextBytes { get; init; } = 1 << 22;

    /// <summary>The most bytes of all texts together, unpacked.</summary>
    public int AllTextBytes { get; init; } = 1 << 24;
}

namespace NativeDiffusion.Imaging;

/// <summary>The limits that a PNG reader enforces before it allocates anything.</summary>
public sealed record PngLimits
{
    /// <summary>64 megapixels, 256 MiB of file, 4 MiB a text and 16 MiB of texts.</summary>
    public static PngLimits Default { get; } = new();

    /// <summary>Maximum pixels, at most 2^29.</summary>
    public long Pixels { get; init; } = 1L << 26;

    /// <summary>Maximum bytes of the file, below 2 GiB.</summary>
    public long FileBytes { get; init; } = 1L << 28;

    /// <summary>Maximum bytes of one text, unpacked.</summary>
    public int TextBytes { get; init; } = 1 << 22;

    /// <summary>Maximum bytes of all texts together, unpacked.</summary>
    public int AllTextBytes { get; init; } = 1 << 24;
}

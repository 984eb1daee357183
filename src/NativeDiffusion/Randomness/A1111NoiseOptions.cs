namespace NativeDiffusion.Randomness;

/// <summary>A1111's extra seed settings of one picture. All off by default.</summary>
public sealed record A1111NoiseOptions
{
    /// <summary>The seed of the noise that is mixed in ("Variation seed").</summary>
    public ulong VariationSeed { get; init; }

    /// <summary>Its share, 0 (none) to 1 ("Variation seed strength").</summary>
    public float VariationStrength { get; init; }

    /// <summary>Height in latent pixels of the picture whose composition is kept ("Seed resize from", its pixels / 8); 0 for none.</summary>
    public int ResizeFromHeight { get; init; }

    /// <summary>Width in latent pixels of the picture whose composition is kept; 0 for none.</summary>
    public int ResizeFromWidth { get; init; }

    /// <summary>Added to the seed for the noise of the steps ("ENSD", 31337 for NovelAI's pictures); 0 continues the same stream.</summary>
    public long EtaNoiseSeedDelta { get; init; }
}

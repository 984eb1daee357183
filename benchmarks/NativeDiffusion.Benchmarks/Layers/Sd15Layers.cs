namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>One evaluation of Stable Diffusion 1.5's UNet at 512x512, batch 1: every layer that costs time, and how often it runs.</summary>
internal static class Sd15Layers
{
    private const int Heads = 8;

    /// <summary>Convolutions.</summary>
    public static IReadOnlyList<ConvolutionLayer> Convolutions { get; } =
    [
        // 64x64
        new(1, 4, 320, 64), new(7, 320, 320, 64), new(2, 640, 320, 64), new(1, 960, 320, 64), new(1, 320, 4, 64), new(1, 640, 640, 64, Upsampled: true),
        // 32x32
        new(1, 320, 320, 32, Stride: 2), new(1, 320, 640, 32), new(6, 640, 640, 32), new(1, 960, 640, 32), new(1, 1280, 640, 32), new(1, 1920, 640, 32),
        new(1, 1280, 1280, 32, Upsampled: true),
        // 16x16
        new(1, 640, 640, 16, Stride: 2), new(
            1, 640, 1280, 16), new(6, 1280, 1280, 16), new(1, 1920, 1280, 16), new(2, 2560, 1280, 16), new(1, 1280, 1280, 16, Upsampled: true),
        // 8x8
        new(1, 1280, 1280, 8, Stride: 2), new(11, 1280, 1280, 8), new(3, 2560, 1280, 8),
        // Transformers' projections and shortcuts
        new(10, 320, 320, 64, Kernel: 1), new(10, 640, 640, 32, Kernel: 1), new(10, 1280, 1280, 16, Kernel: 1), new(2, 1280, 1280, 8, Kernel: 1),
        new(2, 640, 320, 64, Kernel: 1), new(1, 960, 320, 64, Kernel: 1), new(1, 320, 640, 32, Kernel: 1), new(1, 960, 640, 32, Kernel: 1),
        new(1, 1280, 640, 32, Kernel: 1), new(1, 1920, 640, 32, Kernel: 1), new(1, 640, 1280, 16, Kernel: 1), new(1, 1920, 1280, 16, Kernel: 1),
        new(2, 2560, 1280, 16, Kernel: 1), new(3, 2560, 1280, 8, Kernel: 1),
    ];

    /// <summary>
    /// Linear layers without GEGLU's: joined q, k, v of self-attention; outputs and the query of cross-attention; the second of the feed-forward.
    /// </summary>
    public static IReadOnlyList<LinearLayer> Linears { get; } = [.. Levels.SelectMany(level => (LinearLayer[])
        [
            new(level.Blocks, level.Tokens, level.Channels, 3 * level.Channels),
            new(3 * level.Blocks, level.Tokens, level.Channels, level.Channels),
            new(level.Blocks, level.Tokens, 4 * level.Channels, level.Channels),
        ])];

    /// <summary>GEGLU: the first linear layer of the feed-forward with its gate.</summary>
    public static IReadOnlyList<LinearLayer> GeGlus { get; } =
        [.. Levels.Select(level => new LinearLayer(level.Blocks, level.Tokens, level.Channels, 8 * level.Channels, Gated: true))];

    /// <summary>Self-attention, and cross-attention to 77 tokens.</summary>
    public static IReadOnlyList<AttentionLayer> Attentions { get; } = [.. Levels.SelectMany(level => (AttentionLayer[])
        [
            new(level.Blocks, Heads, level.Tokens, level.Tokens, level.Channels / Heads),
            new(level.Blocks, Heads, level.Tokens, 77, level.Channels / Heads),
        ])];

    /// <summary>GroupNorm with SiLU (those before the transformers have none; they are counted as if they had).</summary>
    public static IReadOnlyList<GroupNormLayer> GroupNorms { get; } =
    [
        new(13, 320, 64), new(2, 640, 64), new(1, 960, 64), new(1, 320, 32), new(11, 640, 32), new(1, 960, 32), new(1, 1280, 32), new(1, 1920, 32),
        new(1, 640, 16), new(11, 1280, 16), new(1, 1920, 16), new(2, 2560, 16), new(12, 1280, 8), new(3, 2560, 8),
    ];

    /// <summary>Everything.</summary>
    public static IReadOnlyList<Layer> All { get; } = [.. Convolutions, .. Linears, .. GeGlus, .. Attentions, .. GroupNorms];

    private static IReadOnlyList<(int Blocks, int Tokens, int Channels)> Levels => [(5, 4096, 320), (5, 1024, 640), (5, 256, 1280), (1, 64, 1280)];
}

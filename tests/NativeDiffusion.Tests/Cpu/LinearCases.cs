using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Linear layers: SD1.5's kinds in small and awkward sizes.</summary>
internal static class LinearCases
{
    public static IReadOnlyDictionary<string, Conv2dCase> All { get; } = new[]
    {
        Linear("one number", 1, 1, 1),
        Linear("time embedding", 1, 320, 1280) with { Activation = Activation.Silu },
        Linear("time projection", 2, 1280, 320),
        Linear("prompt keys", 77, 768, 320) with { Bias = false },
        Linear("quick gelu", 77, 64, 256) with { Activation = Activation.QuickGelu },
        Linear("gelu", 31, 64, 250) with { Activation = Activation.Gelu },
        Linear("geglu", 65, 320, 2560) with { Activation = Activation.GeGlu },
        Linear("geglu, odd width", 33, 40, 2 * 37) with { Activation = Activation.GeGlu, Residual = true, Gap = 1 },
        Linear("geglu, narrow", 5, 4, 2 * 3) with { Activation = Activation.GeGlu, Bias = false },
        Linear("out", 63, 320, 320) with { Residual = true },
        Linear("primes", 127, 131, 67) with { Residual = true, Gap = 7 },
        Linear("view", 33, 40, 40, gap: 80),
        Linear("block and one", 13, 257, 33),
        Linear("two blocks", 14, 512, 32),
        Matrix("adapter", 50, 64, 320, 4),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    private static Conv2dCase Linear(string name, int rows, int channels, int outputs, int gap = 0) =>
        new(name, 1, 1, rows, outputs, Segment(rows, channels, gap));

    // A base layer and an adapter's t · Upᵀ of some rank.
    private static Conv2dCase Matrix(string name, int rows, int channels, int outputs, int rank) =>
        new(name, 1, 1, rows, outputs, Segment(rows, channels, 0), Segment(rows, rank, 0));

    private static SegmentCase Segment(int rows, int channels, int gap) => new(channels, 1, rows, Kernel: 1, PadTop: 0, PadLeft: 0, Gap: gap);
}

using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Adapter slots in use: joined layers whose ranges straddle panels, GEGLU, every form of convolution, ranks from zero to many.</summary>
internal static class AdapterCases
{
    public static IReadOnlyDictionary<string, AdapterCase> All { get; } = new AdapterCase[]
    {
        new(Linear("q, k, v of 40", 2, 33, 40, 120), new(0, 40, 3, 4), new(40, 80, 33, 128), new(80, 120, 1, 16))
        {
            Factors = [new(0, 40), new(80, 120)],
        },
        new(Linear("k of 40 alone", 3, 13, 40, 120) with { Bias = false, Gap = 3 }, new AdapterPart(40, 80, 4, 4)) { Factors = [new(40, 80)] },
        new(Linear("q, k, v of 1", 2, 5, 1, 3), new(1, 2, 1, 3), new(2, 3, 3, 3)) { Factors = [new(2, 3)] },
        new(Linear("k, v of 31", 1, 31, 31, 62), new(0, 31, 16, 16), new(31, 62, 3, 16)) { Factors = [new(0, 31), new(31, 62)] },
        new(Linear("q, k, v of 33", 3, 7, 33, 99), new(0, 33, 0, 16), new(33, 66, 128, 128), new(66, 99, 33, 64)) { Factors = [new(33, 66, IsShared: true)] },
        new(Linear("q, k, v of 65", 2, 12, 65, 195), new(65, 130, 4, 8), new(130, 195, 16, 16)) { Factors = [new(0, 65)] },
        new(Linear("q, k, v of 320", 2, 65, 320, 960) with { Gap = 8 }, new(0, 320, 16, 128), new(640, 960, 4, 128)) { Factors = [new(640, 960)] },
        new(Linear("all ranks none", 2, 9, 40, 80), new(0, 40, 0, 16), new(40, 80, 0, 1)) { Factors = [new(0, 80)] },
        new(Linear("two adapters in two blocks each", 1, 50, 352, 65), new(0, 65, 330, 400), new(0, 65, 321, 321)) { Factors = [new(0, 65)] },
        new(Linear("a row a sample", 3, 1, 64, 97) with { Activation = Activation.Silu, ImageBias = true }, new AdapterPart(0, 97, 33, 64))
        {
            Factors = [new(0, 97)],
        },
        new(Linear("residual", 2, 63, 40, 40) with { Residual = true }, new AdapterPart(0, 40, 4, 128)) { Factors = [new(0, 40, IsShared: true)] },
        new(Gated("geglu", 2, 13, 40, 160), new AdapterPart(0, 320, 4, 16)) { Factors = [new(0, 320)] },
        new(Gated("geglu, odd width", 3, 11, 40, 37) with { Residual = true, Gap = 1 }, new AdapterPart(0, 74, 33, 64)) { Factors = [new(0, 74)] },
        new(Gated("geglu, values alone", 2, 5, 24, 65), new AdapterPart(0, 65, 3, 4)) { Factors = [new(0, 65)] },
        new(Gated("geglu, gates alone", 2, 5, 24, 65), new AdapterPart(65, 130, 3, 4)) { Factors = [new(65, 130)] },
        new(Gated("geglu, late values and early gates", 2, 5, 24, 65), new AdapterPart(60, 70, 16, 16)) { Factors = [new(62, 75)] },
        new(Gated("geglu, some gates", 2, 25, 24, 100), new AdapterPart(133, 140, 3, 4)) { Factors = [new(150, 151)] },
        new(Gated("geglu of one", 1, 3, 4, 1), new AdapterPart(0, 2, 1, 1)) { Factors = [new(1, 2)] },
        new(Picture("winograd", 2, 9, 13, 64, new SegmentCase(64, 9, 13)) with { ImageBias = true }, new AdapterPart(0, 64, 16, 128))
        {
            Factors = [new(0, 64)],
        },
        new(Picture("winograd, some panels", 3, 8, 8, 97, new SegmentCase(48, 8, 8)) with { Residual = true }, new(33, 50, 3, 4), new(90, 97, 0, 4))
        {
            Factors = [new(40, 70)],
        },
        new(Picture("winograd, direct source, shortcut", 2, 7, 9, 65, new(64, 7, 9), new(24, 7, 9), OneByOne(40, 7, 9)) with { Residual = true },
            new(0, 65, 4, 16), new(0, 65, 33, 33))
        {
            Factors = [new(0, 65, 0, 2), new(0, 65, 2, 1)],
        },
        new(Picture("own segments alone", 3, 8, 8, 40, new(32, 8, 8), OneByOne(96, 8, 8)), new AdapterPart(0, 40, 4, 16)) { Factors = [new(0, 40)] },
        new(Picture("deep concat, shortcut of two", 2, 5, 6, 33, new(352, 5, 6), new(41, 5, 6), OneByOne(352, 5, 6), OneByOne(41, 5, 6)),
            new AdapterPart(0, 33, 16, 16))
        {
            Factors = [new(0, 33, 0, 2)],
        },
        new(Picture("concat as views", 2, 6, 6, 64, new(40, 6, 6, Gap: 8), new(24, 6, 6, Gap: 5)), new AdapterPart(0, 64, 3, 4))
        {
            Factors = [new(0, 64, 0, 2)],
        },
        new(Picture("down", 3, 5, 7, 40, new SegmentCase(32, 9, 13, Stride: 2)), new AdapterPart(0, 40, 33, 64)) { Factors = [new(0, 40)] },
        new(Picture("up 2x", 2, 10, 14, 40, new SegmentCase(48, 5, 7, UpHeight: 10, UpWidth: 14)), new AdapterPart(0, 40, 16, 16))
        {
            Factors = [new(0, 40)],
        },
        new(Picture("up to an odd size", 2, 9, 13, 32, new SegmentCase(32, 5, 7, UpHeight: 9, UpWidth: 13)), new AdapterPart(0, 32, 1, 16))
        {
            Factors = [new(0, 32)],
        },
        new(Picture("1x1", 3, 4, 5, 65, OneByOne(31, 4, 5)) with { Activation = Activation.Silu }, new AdapterPart(0, 65, 128, 128)),
        new(Picture("pictures of one pixel", 3, 1, 1, 33, new SegmentCase(16, 1, 1)), new AdapterPart(0, 33, 3, 4)) { Factors = [new(0, 33)] },
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    private static Conv2dCase Linear(string name, int batch, int rows, int channels, int outputs) =>
        new(name, batch, 1, rows, outputs, OneByOne(channels, 1, rows));

    private static Conv2dCase Gated(string name, int batch, int rows, int channels, int inner) =>
        Linear(name, batch, rows, channels, 2 * inner) with { Activation = Activation.GeGlu };

    private static Conv2dCase Picture(string name, int batch, int height, int width, int outputs, params SegmentCase[] segments) =>
        new(name, batch, height, width, outputs, segments);

    private static SegmentCase OneByOne(int channels, int height, int width) => new(channels, height, width, Kernel: 1, PadTop: 0, PadLeft: 0);
}

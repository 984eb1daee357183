using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Products that compute t, of linear layers and of every form of convolution, with ranks from zero to the reserved one.</summary>
internal static class DownCases
{
    public static IReadOnlyDictionary<string, DownCase> All { get; } = new DownCase[]
    {
        new(Linear("rank 0 of 16", 2, 9, 40, 16), 0),
        new(Linear("rank 1 of 1", 1, 1, 1, 1), 1),
        new(Linear("rank 3 of 4", 3, 13, 31, 4), 3),
        new(Linear("rank 4 of 128", 2, 33, 320, 128), 4),
        new(Linear("rank 16 of 128, in blocks", 3, 7, 1280, 128), 16, IsShared: true),
        new(Linear("rank 33 of 128", 2, 65, 65, 128) with { Gap = 3 }, 33),
        new(Linear("rank 64 of 65", 1, 50, 33, 65), 64),
        new(Linear("rank 128 of 128", 2, 12, 40, 128), 128),
        new(Linear("all of the epilogue", 2, 12, 40, 40) with { Bias = true, ImageBias = true, Residual = true, Activation = Activation.Silu }, 33),
        new(Picture("3x3, winograd", 2, 9, 13, 64, new SegmentCase(64, 9, 13)), 33),
        new(Picture("3x3, winograd, rank 0", 2, 8, 8, 16, new SegmentCase(16, 8, 8)), 0),
        new(Picture("3x3, direct", 3, 5, 6, 128, new SegmentCase(41, 5, 6)), 16),
        new(Picture("3x3, two sources", 2, 7, 9, 40, new SegmentCase(64, 7, 9), new SegmentCase(24, 7, 9)), 31),
        new(Picture("3x3, stride 2", 3, 5, 7, 16, new SegmentCase(32, 9, 13, Stride: 2)), 4),
        new(Picture("3x3 of an upsampled picture", 2, 10, 14, 65, new SegmentCase(48, 5, 7, UpHeight: 10, UpWidth: 14)), 33),
        new(Picture("1x1", 2, 4, 5, 128, new SegmentCase(65, 4, 5, Kernel: 1, PadTop: 0, PadLeft: 0)), 3),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    private static Conv2dCase Linear(string name, int batch, int rows, int channels, int reserved) =>
        Picture(name, batch, 1, rows, reserved, new SegmentCase(channels, 1, rows, Kernel: 1, PadTop: 0, PadLeft: 0));

    private static Conv2dCase Picture(string name, int batch, int height, int width, int reserved, params SegmentCase[] segments) =>
        new(name, batch, height, width, reserved, segments) { Bias = false };
}

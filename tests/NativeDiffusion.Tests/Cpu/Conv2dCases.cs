using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Convolutions: SD1.5's kinds in small and awkward sizes.</summary>
internal static class Conv2dCases
{
    public static IReadOnlyDictionary<string, Conv2dCase> All { get; } = new Conv2dCase[]
    {
        new("one pixel", 1, 1, 1, 1, new SegmentCase(1, 1, 1)),
        new("conv_in 4 channels", 2, 9, 13, 40, new SegmentCase(4, 9, 13)),
        new("conv_in 9 channels", 1, 8, 8, 32, new SegmentCase(9, 8, 8)),
        new("conv_out 4 outputs", 1, 16, 17, 4, new SegmentCase(64, 16, 17)),
        new("conv_out 3 outputs", 1, 5, 31, 3, new SegmentCase(33, 5, 31)),
        new("resnet conv1", 2, 9, 13, 64, new SegmentCase(64, 9, 13)) { ImageBias = true },
        new("resnet conv2", 2, 9, 13, 96, new SegmentCase(96, 9, 13)) { Residual = true },
        new("odd channels", 1, 7, 11, 37, new SegmentCase(41, 7, 11)) { Residual = true, ImageBias = true, Gap = 3 },
        new("deep", 1, 8, 8, 64, new SegmentCase(320, 8, 8)),
        new("down, symmetric", 1, 8, 8, 48, new SegmentCase(48, 16, 16, Stride: 2)),
        new("down, odd size", 2, 5, 7, 32, new SegmentCase(32, 9, 13, Stride: 2)),
        new("down, pad right and below only", 1, 8, 6, 32, new SegmentCase(32, 16, 13, Stride: 2, PadTop: 0, PadLeft: 0)),
        new("up 2x", 2, 10, 14, 32, new SegmentCase(48, 5, 7, UpHeight: 10, UpWidth: 14)),
        new("up to the skip's odd size", 1, 9, 13, 32, new SegmentCase(32, 5, 7, UpHeight: 9, UpWidth: 13)),
        new("concat", 1, 9, 13, 64, new SegmentCase(64, 9, 13), new SegmentCase(32, 9, 13)) { ImageBias = true },
        new("concat as views", 1, 6, 6, 64, new SegmentCase(40, 6, 6, Gap: 8), new SegmentCase(24, 6, 6, Gap: 5)),
        new("fused shortcut", 1, 8, 8, 64, new SegmentCase(64, 8, 8), new SegmentCase(96, 8, 8, Kernel: 1, PadTop: 0, PadLeft: 0)),
        new("one source in a faster form", 1, 7, 9, 64, new SegmentCase(64, 7, 9), new SegmentCase(24, 7, 9)) { Residual = true },
        new("several blocks of channels", 1, 5, 12, 48, new SegmentCase(352, 5, 12), new SegmentCase(176, 5, 12)),
        new("up 2x and an adapter", 1, 10, 14, 40, new SegmentCase(
            48, 5, 7, UpHeight: 10, UpWidth: 14), new SegmentCase(8, 10, 14, Kernel: 1, PadTop: 0, PadLeft: 0)) { Residual = true },
        new("shortcut", 1, 8, 8, 64, new SegmentCase(96, 8, 8, Kernel: 1, PadTop: 0, PadLeft: 0)) { Bias = false },
        new("silu", 1, 4, 4, 32, new SegmentCase(32, 4, 4)) { Activation = Activation.Silu },
        new("many rows", 1, 33, 31, 33, new SegmentCase(8, 33, 31)),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];
}

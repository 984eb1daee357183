using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Sizes and attributes of one convolution or, with one row of pixels and 1x1 windows, of one linear layer.</summary>
internal sealed record Conv2dCase(string Name, int Batch, int OutHeight, int OutWidth, int Outputs, params SegmentCase[] Segments)
{
    public bool Bias { get; init; } = true;

    public bool ImageBias { get; init; }

    public bool Residual { get; init; }

    public Activation Activation { get; init; }

    /// <summary>Floats between the output's pixels beyond its width.</summary>
    public int Gap { get; init; }

    /// <summary>Whether every segment is computed directly, even if a faster form exists.</summary>
    public bool IsDirect { get; init; }

    public int Rows => Batch * OutHeight * OutWidth;

    public int Width => Activation == Activation.GeGlu ? Outputs / 2 : Outputs;

    public long Depth => Segments.Sum(s => (long)s.Kernel * s.Kernel * s.Channels);

    public ConvolutionForm FormOf(SegmentCase segment) => IsDirect
        ? ConvolutionForm.Direct
        : Conv2d.FormOf(segment.Kernel, segment.Stride, segment.Channels, Outputs, segment.Height, segment.Width, segment.VirtualHeight, segment.VirtualWidth);

    public override string ToString() => Name;
}

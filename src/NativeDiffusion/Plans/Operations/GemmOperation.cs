using System.Collections.Immutable;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>
/// A linear layer or convolution with everything that was fused into it:
/// y = activation(Σ segments + Σ biases + imageBias) + residual.
/// </summary>
/// <param name="Segments">The segments that are multiplied and summed.</param>
/// <param name="Biases">For each stack of rows the biases that are added ([rows]); a missing bias is zero.</param>
/// <param name="Width">Number of rows of the matrices: the width before GEGLU halves it.</param>
/// <param name="Output">[N, H', W', C] or [N, S, C].</param>
internal sealed record GemmOperation(
    ImmutableArray<MatrixSegment> Segments, ImmutableArray<ImmutableArray<Parameter>> Biases, int Width, PlanTensor Output)
    : Operation(Output)
{
    /// <summary>[N, C], added to every row of sample n (the time embedding), or null.</summary>
    public PlanTensor? ImageBias { get; init; }

    /// <summary>Applied before the residual.</summary>
    public Activation Activation { get; init; }

    /// <summary>Added last, the output's shape, or null.</summary>
    public PlanTensor? Residual { get; init; }

    /// <summary>A second output: [N, 2 · groups], float32, mean and biased variance of each group of the result's channels; or null.</summary>
    public PlanTensor? Statistics { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs
    {
        get
        {
            foreach (MatrixSegment segment in Segments) yield return segment.Source;
            if (ImageBias is not null) yield return ImageBias;
            if (Residual is not null) yield return Residual;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Outputs => Statistics is null ? [Output] : [Output, Statistics];

    /// <summary>Whether it is one plain matrix: a 1x1 window over one source, no epilogue but its bias.</summary>
    public bool IsPlain => this is
    {
        Activation: Activation.None, ImageBias: null, Residual: null,
        Segments: [{ Window: { Kernel: 1, Stride: 1 }, Weights.Length: 1 }],
    };

    /// <summary>Whether the result may have another shape of as many rows: not where windows or rows added to samples see the shape.</summary>
    /// <param name="shape">As many rows of as many channels as the output's.</param>
    public bool CanMake(TensorShape shape) =>
        shape == Output.Shape
        || (Segments.All(segment => segment.Window is { Kernel: 1, Stride: 1 }) && (ImageBias is null || shape[0] == Output.Shape[0]));

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with
    {
        Segments = [.. Segments.Select(segment => segment with { Source = map(segment.Source) })],
        ImageBias = ImageBias is null ? null : map(ImageBias),
        Residual = Residual is null ? null : map(Residual),
    };
}

/// <summary>
/// One segment of a product's K loop: a source, its window, and the weights that multiply it. Concatenation's second source,
/// a fused 1x1 shortcut and an adapter are all segments.
/// </summary>
/// <param name="Source">[N, H, W, C] or [N, S, C].</param>
/// <param name="Weights">Stacked by output rows (joined q, k, v).</param>
/// <param name="Window">Kernel, stride, padding and nearest upsampling.</param>
internal sealed record MatrixSegment(PlanTensor Source, ImmutableArray<WeightRows> Weights, ConvolutionWindow Window);

/// <summary>A weight, or some input channels of it: some rows of a segment's matrix.</summary>
/// <param name="Weight">[O, I, kh, kw] or [O, I].</param>
/// <param name="FirstInput">The first input channel used.</param>
/// <param name="InputCount">Number of input channels used.</param>
internal sealed record WeightRows(Parameter Weight, int FirstInput, int InputCount);

/// <summary>The window of a convolution.</summary>
/// <param name="Kernel">Height and width of the window: 1 or 3.</param>
/// <param name="Stride">Step between windows.</param>
/// <param name="PadTop">Rows of zeros above (and columns to the left); below and to the right there are as many as the output's size needs.</param>
/// <param name="VirtualHeight">The input's height after nearest upsampling; the input's own without upsampling.</param>
/// <param name="VirtualWidth">The input's width after nearest upsampling.</param>
internal readonly record struct ConvolutionWindow(int Kernel, int Stride, int PadTop, int VirtualHeight, int VirtualWidth);

namespace NativeDiffusion.Plans.Operations;

/// <summary>
/// One stretch of a product's K loop: a source, its window, and the weights that multiply it. Concatenation's second source,
/// a fused 1x1 shortcut and an adapter are all segments.
/// </summary>
/// <param name="Source">[N, H, W, C] or [N, S, C].</param>
/// <param name="Weights">Stacked by output rows (joined q, k, v).</param>
/// <param name="Window">Kernel, stride, padding and nearest upsampling.</param>
public sealed record MatrixSegment(PlanTensor Source, IReadOnlyList<WeightRows> Weights, ConvolutionWindow Window);

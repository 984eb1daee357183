namespace NativeDiffusion.Plans.Operations;

/// <summary>How a convolution looks at its input.</summary>
/// <param name="Kernel">Height and width of the window: 1 or 3.</param>
/// <param name="Stride">Step between windows.</param>
/// <param name="PadTop">Rows of zeros above (and columns to the left); below and to the right there are as many as the output's size needs.</param>
/// <param name="VirtualHeight">The input's height after nearest upsampling; the input's own when there is none.</param>
/// <param name="VirtualWidth">The input's width after nearest upsampling.</param>
public readonly record struct ConvolutionWindow(int Kernel, int Stride, int PadTop, int VirtualHeight, int VirtualWidth);

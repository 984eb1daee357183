namespace NativeDiffusion.Cpu;

/// <summary>
/// y[n, oy, ox, o] = epilogue(Σ over segments, window and channels of x[n, oy·s - padTop + ky, ox·s - padLeft + kx, c] · w[o, c, ky, kx]),
/// NHWC float32, zeros outside the picture, as an implicit matrix product.
/// </summary>
internal static unsafe class Conv2d
{
    private const int Lanes = 16;

    // Winograd's weights take 16/9 of the memory. Wider layers are the deep ones, whose weights are most of a model: there the form would
    // cost more than a gigabyte and be memory-bound. Small pictures are bound by reading their weights anyway.
    private const int WinogradOutputs = 640;
    private const int WinogradSquares = 16;

    /// <summary>
    /// The form for which a convolution's weights are packed. Depends on one picture's sizes alone: its bytes must not depend on the machine or the batch.
    /// </summary>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">Distance of windows.</param>
    /// <param name="inputs">Channels of this segment.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="height">Rows stored.</param>
    /// <param name="width">Columns stored.</param>
    /// <param name="virtualHeight">Rows after nearest upsampling.</param>
    /// <param name="virtualWidth">Columns after nearest upsampling.</param>
    /// <param name="keepsSize">Whether the window pads one pixel on every side, so that the output has the upsampled size; phases need it.</param>
    public static ConvolutionForm FormOf(int kernel, int stride, int inputs, int outputs, int height, int width, int virtualHeight, int virtualWidth,
        bool keepsSize = true)
    {
        if (kernel != 3 || stride != 1)
            return ConvolutionForm.Direct;
        if (virtualHeight != height || virtualWidth != width)
            return keepsSize && virtualHeight == 2 * height && virtualWidth == 2 * width ? ConvolutionForm.Phases : ConvolutionForm.Direct;
        int squares = (height + 1) / 2 * ((width + 1) / 2);
        return inputs % Lanes == 0 && outputs <= WinogradOutputs && squares >= WinogradSquares ? ConvolutionForm.Winograd : ConvolutionForm.Direct;
    }

    /// <summary>y: [batch, outHeight, outWidth, outputs], pixels <paramref name="yStride"/> floats apart; must not overlap an input.</summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int outHeight, int outWidth,
            int outputs)
    {
        foreach (ref readonly GemmSegment segment in segments)
        {
            if (segment.Weights.Form != ConvolutionForm.Winograd)
                continue;
            Winograd.Convolve(workers, segments, epilogue, y, yStride, batch, outHeight, outWidth, outputs);
            return;
        }

        Gemm.Forward(workers, segments, epilogue, y, yStride, batch, outHeight, outWidth, outputs);
    }
}

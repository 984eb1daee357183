namespace NativeDiffusion.Cpu;

/// <summary>
/// y[n, oy, ox, o] = epilogue(Σ over segments, window and channels of x[n, oy·s - padTop + ky, ox·s - padLeft + kx, c] · w[o, c, ky, kx]),
/// NHWC float32, zeros outside the picture, as an implicit matrix product.
/// </summary>
internal static unsafe class Conv2d
{
    /// <summary>y: [batch, outHeight, outWidth, outputs], pixels <paramref name="yStride"/> floats apart; must not overlap an input.</summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int outHeight, int outWidth, int outputs) =>
        Gemm.Forward(workers, segments, epilogue, y, yStride, batch, outHeight, outWidth, outputs);
}

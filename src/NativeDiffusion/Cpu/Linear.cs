namespace NativeDiffusion.Cpu;

/// <summary>y[r, o] = epilogue(Σ over segments and channels of x[r, c] · w[o, c]), float32.</summary>
internal static unsafe class Linear
{
    /// <summary>
    /// y: [rows, outputs] (GEGLU: half of it), rows <paramref name="yStride"/> floats apart; must not overlap an input. Segments are 1x1, Height 1,
    /// Width = rows.
    /// </summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int rows, int outputs) =>
        Gemm.Forward(workers, segments, epilogue, y, yStride, 1, 1, rows, outputs);

    /// <summary>
    /// The same for y: [batch, rows, outputs] with biases or factors per sample. Segments are 1x1, Height 1,
    /// Width = rows of one sample. The bytes are those of batch · rows rows.
    /// </summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int rows, int outputs) =>
        Gemm.Forward(workers, segments, epilogue, y, yStride, batch, 1, rows, outputs);
}

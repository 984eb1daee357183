using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Matrix product on tensor cores over a list of depth segments, with bias, activation and residual: kernels/gemm.cu, one variant.</summary>
internal sealed class GemmKernel : IDisposable
{
    // Offsets inside a tile are 32 bits.
    private const int StrideLimit = 1 << 23;
    private const int GridLimit = 65535;
    private const int HalfBytes = 2;
    private const int FloatBytes = 4;

    // A copy of the operands; the four elements that a lane writes.
    private const ulong CopyBytes = 16;
    private const int Four = 4;

    private readonly CudaModule _module;
    private readonly CudaFunction _product;

    public GemmKernel(KernelLoader loader, GemmVariant variant)
    {
        Variant = variant;
        _module = loader.Load(variant.Compilation);
        _product = _module.Function("gemm_f16");
    }

    public GemmVariant Variant { get; }

    /// <summary>
    /// True if a product may run the aligned variants: every segment's a and b lie on 16 bytes, and so do their rows, and its depth is a
    /// multiple of 8; bias, residual and y lie on 4 of their elements, and so do their rows, and the outputs are a multiple of 4.
    /// </summary>
    public static bool IsAligned(in GemmSegments segments, in GemmEpilogue epilogue, DevicePointer y, int yStride, int outputs, bool isFloat)
    {
        ulong operands = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            GemmSegment segment = segments[i];
            operands |= segment.A.Address | segment.B.Address | (HalfBytes * (ulong)(uint)(segment.AStride | segment.BStride | segment.Depth));
        }

        ulong results = y.Address | epilogue.Residual.Address;
        return operands % CopyBytes == 0 && (yStride | epilogue.ResidualStride | outputs) % Four == 0
            && results % (Four * (isFloat ? FloatBytes : (ulong)HalfBytes)) == 0 && epilogue.Bias.Address % (Four * FloatBytes) == 0;
    }

    /// <summary>
    /// y[r, n] = activation(Σ over segments of a[r, :] · b[n, :] + bias[n]) + residual[r, n].
    /// segments: a [rows, depth] and b [outputs, depth], half; y: [rows, outputs] half (float if the variant's results are), rows yStride
    /// elements apart, overlapping nothing but the residual, which it may be.
    /// </summary>
    /// <exception cref="ArgumentException">This is an aligned variant, and the product is not; or a size is out of range.</exception>
    public void Launch(IKernelQueue queue, in GemmSegments segments, in GemmEpilogue epilogue, DevicePointer y, int yStride, int rows, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        for (int i = 0; i < segments.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(segments[i].Depth, nameof(segments));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Math.Max(segments[i].AStride, segments[i].BStride), StrideLimit, nameof(segments));
        }

        // The kernel's numbers of activations are the enum's.
        if (epilogue.Activation is not (Activation.None or Activation.Silu))
            throw new ArgumentException(
                $"The kernel's epilogue has no {epilogue.Activation}; it has {Activation.None} and {Activation.Silu}.", nameof(epilogue));
        if (Variant.IsAligned && !IsAligned(segments, epilogue, y, yStride, outputs, Variant.IsFloat))
            throw new ArgumentException("The product is not aligned as this variant wants it: a variant for any operands takes it.", nameof(segments));
        (int blockRows, int blockColumns) = Variant.Tile.Blocks(rows, outputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockColumns, GridLimit, nameof(outputs));
        Product(queue, new Dim3(blockRows, blockColumns), segments, epilogue, y, yStride, rows, outputs);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("gemm_f16")]
    private unsafe void Product(
        IKernelQueue queue, Dim3 grid, GemmSegments segments, GemmEpilogue epilogue, DevicePointer y, int yStride, int rows, int outputs) =>
        queue.Launch(
            _product, grid, Variant.Tile.Threads, Variant.Tile.SharedBytes, KernelArgument.Structure(&segments), KernelArgument.Structure(&epilogue),
            y, yStride, rows, outputs);
}

using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Matrix product on tensor cores over a list of depth segments, with bias and residual: kernels/gemm.cu, one tile, for operands of one alignment.</summary>
internal sealed class GemmKernel : IDisposable
{
    private const ulong SixteenBytes = 16;

    private readonly bool _aligned;
    private readonly CudaModule _module;
    private readonly CudaFunction _product;

    public GemmKernel(KernelLoader loader, GemmTile tile, bool aligned)
    {
        Tile = tile;
        _aligned = aligned;
        _module = loader.Load(tile.Variant(aligned));
        _product = _module.Function("gemm_f16");
    }

    public GemmTile Tile { get; }

    /// <summary>True if all that a product reads and writes lies as the aligned compilation wants it.</summary>
    public static bool IsAligned(in GemmSegments segments, in GemmEpilogue epilogue, DevicePointer y, int yStride)
    {
        ulong all = epilogue.Bias.Address | (2 * (y.Address | epilogue.Residual.Address)) | (4 * (ulong)(uint)(yStride | epilogue.ResidualStride));
        for (int i = 0; i < segments.Count; i++)
        {
            GemmSegment segment = segments[i];
            all |= segment.A.Address | segment.B.Address | (2 * (ulong)(uint)(segment.AStride | segment.BStride | segment.Depth));
        }

        return all % SixteenBytes == 0;
    }

    /// <summary>
    /// y[r, n] = Σ over segments of a[r, :] · b[n, :], plus bias[n], plus residual[r, n].
    /// segments: a [rows, depth] and b [outputs, depth], half; y: [rows, outputs] half, rows yStride halves apart.
    /// </summary>
    /// <exception cref="ArgumentException">This is the aligned compilation, and the operands are not.</exception>
    public void Launch(IKernelQueue queue, in GemmSegments segments, in GemmEpilogue epilogue, DevicePointer y, int yStride, int rows, int outputs)
    {
        if (_aligned && !IsAligned(segments, epilogue, y, yStride))
            throw new ArgumentException("The product's operands do not lie on 16 bytes.", nameof(segments));
        var grid = new Dim3((rows + Tile.M - 1) / Tile.M, (outputs + Tile.N - 1) / Tile.N);
        Product(queue, grid, segments, epilogue, y, yStride, rows, outputs);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("gemm_f16")]
    private unsafe void Product(IKernelQueue queue, Dim3 grid, GemmSegments segments, GemmEpilogue epilogue, DevicePointer y, int yStride, int rows, int outputs) =>
        queue.Launch(_product, grid, Tile.Threads, Tile.SharedBytes, KernelArgument.Structure(&segments), KernelArgument.Structure(&epilogue), y, yStride, rows, outputs);
}

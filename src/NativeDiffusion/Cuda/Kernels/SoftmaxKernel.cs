using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Softmax over rows: kernels/softmax.cu.</summary>
internal sealed class SoftmaxKernel : IDisposable
{
    private const int WarpThreads = 32;
    private const int MostThreads = 1024;
    private const int MostKeptThreads = 512;
    // Registers of a thread that hold elements; the kernel's constant.
    private const int KeptElements = 32;
    private const int RowsTogether = 4;
    private const int Vector = 8;
    private const ulong HalfBytes = 2;

    private readonly CudaModule _module;
    private readonly CudaFunction _kept;
    private readonly CudaFunction _long;

    public SoftmaxKernel(KernelLoader loader)
    {
        _module = loader.Load(Variant);
        _kept = _module.Function("softmax_f16");
        _long = _module.Function("softmax_long_f16");
    }

    public static KernelVariant Variant { get; } = new("softmax.cu");

    /// <summary>y = softmax(scale · x) over each row. x, y: [rows, columns] half; y may be x.</summary>
    public void Launch(IKernelQueue queue, DevicePointer x, DevicePointer y, int rows, int columns, float scale)
    {
        // A row is one warp's as long as its threads can keep it; such rows share a block.
        int vector = columns % Vector == 0 && (x.Address | y.Address) % (HalfBytes * Vector) == 0 ? Vector : 1;
        int threads = Math.Max(WarpThreads, (columns + (KeptElements * WarpThreads) - 1) / (KeptElements * WarpThreads) * WarpThreads);
        if (threads > MostKeptThreads)
        {
            Row(_long, queue, rows, Math.Clamp(columns / vector / WarpThreads * WarpThreads, WarpThreads, MostThreads), x, y, rows, columns, scale);
            return;
        }

        int together = threads == WarpThreads ? RowsTogether : 1;
        Row(_kept, queue, (rows + together - 1) / together, new Dim3(threads, together), x, y, rows, columns, scale);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("softmax_f16", "softmax_long_f16")]
    private static void Row(
        CudaFunction function, IKernelQueue queue, Dim3 grid, Dim3 block, DevicePointer x, DevicePointer y, int rows, int columns, float scale) =>
        queue.Launch(function, grid, block, 0, x, y, rows, columns, scale);
}

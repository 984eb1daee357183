using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Softmax over rows: kernels/softmax.cu.</summary>
internal sealed class SoftmaxKernel : IDisposable
{
    private const int WarpThreads = 32;
    private const int MostThreads = 1024;

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
        int kept = ((2 * columns) + 15) / 16 * 16;
        bool fits = kept <= queue.Context.Device.SharedPerBlockOptIn - 1024;
        int threads = Math.Clamp(columns / 8 / WarpThreads * WarpThreads, WarpThreads, MostThreads);
        Row(fits ? _kept : _long, queue, rows, threads, fits ? kept : 0, x, y, rows, columns, scale);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("softmax_f16", "softmax_long_f16")]
    private static void Row(CudaFunction function, IKernelQueue queue, Dim3 grid, Dim3 block, int sharedBytes, DevicePointer x, DevicePointer y, int rows, int columns, float scale) =>
        queue.Launch(function, grid, block, sharedBytes, x, y, rows, columns, scale);
}

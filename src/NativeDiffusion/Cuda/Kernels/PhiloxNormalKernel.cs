using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Normally distributed numbers on the card, bit for bit those of the CPU's sources: kernels/philox_normal.cu.</summary>
internal sealed class PhiloxNormalKernel : IDisposable
{
    private const int Threads = 256;
    private const int GridLimit = 65535;

    private readonly CudaModule _module;
    private readonly CudaFunction _torch;
    private readonly CudaFunction _nv;

    public PhiloxNormalKernel(KernelLoader loader)
    {
        _module = loader.Load(Variant);
        _torch = _module.Function("philox_normal_torch_f32");
        _nv = _module.Function("philox_normal_nv_f32");
    }

    public static KernelVariant Variant { get; } = new("philox_normal.cu");

    /// <summary>
    /// torch.randn of a CUDA generator that starts <paramref name="threads"/> threads for these elements. y: [n] float; counter: curand's offset / 4.
    /// </summary>
    public void LaunchTorch(IKernelQueue queue, DevicePointer y, ulong seed, ulong counter, long n, long threads)
    {
        long rounds = ((n - 1) / (4 * threads)) + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, GridLimit, nameof(n));
        Torch(queue, new Dim3(Blocks(threads), (int)rounds), y, seed, counter, n, threads);
    }

    /// <summary>A1111's NV source. y: [n] float; counter: the number of the call.</summary>
    public void LaunchNv(IKernelQueue queue, DevicePointer y, ulong seed, ulong counter, long n) => Nv(queue, Blocks(n), y, seed, counter, n);

    public void Dispose() => _module.Dispose();

    private static int Blocks(long work) => checked((int)((work + Threads - 1) / Threads));

    [KernelEntry("philox_normal_torch_f32")]
    private void Torch(IKernelQueue queue, Dim3 grid, DevicePointer y, ulong seed, ulong counter, long n, long threads) =>
        queue.Launch(_torch, grid, Threads, 0, y, seed, counter, n, threads);

    [KernelEntry("philox_normal_nv_f32")]
    private void Nv(IKernelQueue queue, Dim3 grid, DevicePointer y, ulong seed, ulong counter, long n) =>
        queue.Launch(_nv, grid, Threads, 0, y, seed, counter, n);
}

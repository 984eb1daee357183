using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>GroupNorm, with SiLU if asked, over one tensor or a concat of two: kernels/group_norm.cu.</summary>
internal sealed class GroupNormKernel : IDisposable
{
    private const int WarpThreads = 32;
    private const int StretchThreads = 256;
    // Below this many threads a block cannot keep enough loads on their way; above it the last ones have nothing to do.
    private const int MostThreads = 1024;
    // Stretches of the two-launch way: weights, biases and statistics are read once a block, 2 % of what 128 pixels bring and take.
    private const int StretchPixels = 128;
    private const int LeastStretchPixels = 64;
    private const int MomentFloats = 3;
    private const int StatisticFloats = 2;

    private readonly CudaModule _module;
    private readonly CudaFunction _norm;
    private readonly CudaFunction _normSilu;
    private readonly CudaFunction _statistics;
    private readonly CudaFunction _apply;
    private readonly CudaFunction _applySilu;

    public GroupNormKernel(KernelLoader loader)
        : this(loader.Load(Variant))
    {
    }

    /// <summary>Takes a module of the kernels, and gives it back at the end.</summary>
    public GroupNormKernel(CudaModule module)
    {
        _module = module;
        _norm = _module.Function("group_norm_f16");
        _normSilu = _module.Function("group_norm_silu_f16");
        _statistics = _module.Function("group_norm_statistics_f16");
        _apply = _module.Function("group_norm_apply_f16");
        _applySilu = _module.Function("group_norm_apply_silu_f16");
    }

    public static KernelVariant Variant { get; } = new("group_norm.cu");

    /// <summary>Bytes of workspace that a launch needs; 0 where one launch is enough. Zeros before the first launch, and left so by each.</summary>
    public static long WorkspaceBytes(CudaDeviceProperties device, int batch, int channels, int channels2, int spatial, int groups) =>
        ShareBytes(channels + channels2, spatial, groups) <= MostShareBytes(device) ? 0
            : Arrived(batch) + (4L * batch * groups * (StatisticFloats + ((long)MomentFloats * Stretches(device, batch, spatial))));

    /// <summary>
    /// y = GroupNorm([x, x2]) · weight + bias, then SiLU if asked.
    /// x: [batch, spatial, channels] half; x2: [batch, spatial, channels2] half, or none; weight, bias: [channels + channels2] float;
    /// y: [batch, spatial, channels + channels2] half; workspace: see <see cref="WorkspaceBytes"/>.
    /// </summary>
    public void Launch(
        IKernelQueue queue, DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer y, DevicePointer workspace,
        int batch, int channels, int channels2, int spatial, int groups, float epsilon, bool silu)
    {
        CudaDeviceProperties device = queue.Context.Device;
        int all = channels + channels2;
        long share = ShareBytes(all, spatial, groups);
        if (share <= MostShareBytes(device))
        {
            // Four vectors of eight a thread at least, where there are as many.
            long threads = Math.Clamp(share / (2 * 8 * 4), WarpThreads * 4, MostThreads) / WarpThreads * WarpThreads;
            Norm(silu ? _normSilu : _norm, queue, new Dim3(groups, batch), (int)threads, (int)share, x, x2, weight, bias, y, channels, channels2, spatial, groups, epsilon);
            return;
        }

        int stretch = Stretch(device, batch, spatial);
        int stretches = Stretches(device, batch, spatial);
        DevicePointer statistics = workspace + Arrived(batch);
        DevicePointer partial = statistics + (4L * batch * groups * StatisticFloats);
        Statistics(
            queue, new Dim3(stretches, batch), 2 * sizeof(float) * Math.Max(all, 8 * StretchThreads),
            x, x2, partial, workspace, statistics, channels, channels2, spatial, groups, epsilon, stretch);
        Apply(
            silu ? _applySilu : _apply, queue, new Dim3(stretches, batch), 2 * sizeof(float) * (groups + all),
            x, x2, weight, bias, statistics, y, channels, channels2, spatial, groups, stretch);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("group_norm_f16", "group_norm_silu_f16")]
    private static void Norm(
        CudaFunction function, IKernelQueue queue, Dim3 grid, Dim3 block, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer y, int channels, int channels2, int spatial, int groups, float epsilon) =>
        queue.Launch(function, grid, block, sharedBytes, x, x2, weight, bias, y, channels, channels2, spatial, groups, epsilon);

    [KernelEntry("group_norm_statistics_f16")]
    private void Statistics(
        IKernelQueue queue, Dim3 grid, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer partial, DevicePointer arrived, DevicePointer statistics, int channels, int channels2, int spatial, int groups, float epsilon, int stretch) =>
        queue.Launch(_statistics, grid, StretchThreads, sharedBytes, x, x2, partial, arrived, statistics, channels, channels2, spatial, groups, epsilon, stretch);

    [KernelEntry("group_norm_apply_f16", "group_norm_apply_silu_f16")]
    private static void Apply(
        CudaFunction function, IKernelQueue queue, Dim3 grid, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer statistics, DevicePointer y, int channels, int channels2, int spatial, int groups, int stretch) =>
        queue.Launch(function, grid, StretchThreads, sharedBytes, x, x2, weight, bias, statistics, y, channels, channels2, spatial, groups, stretch);

    // One group of one picture.
    private static long ShareBytes(int channels, int spatial, int groups) => ((2L * spatial * (channels / groups)) + 15) / 16 * 16;

    // The kernel's own 128 bytes, and some room for what the driver reserves.
    private static long MostShareBytes(CudaDeviceProperties device) => device.SharedPerBlockOptIn - 1024;

    // As long as the card is full, long stretches: they read weights and write moments less often.
    private static int Stretch(CudaDeviceProperties device, int batch, int spatial) =>
        (long)batch * spatial / StretchPixels >= 2 * device.Multiprocessors ? StretchPixels : LeastStretchPixels;

    private static int Stretches(CudaDeviceProperties device, int batch, int spatial)
    {
        int stretch = Stretch(device, batch, spatial);
        return (spatial + stretch - 1) / stretch;
    }

    private static long Arrived(int batch) => ((4L * batch) + 255) / 256 * 256;
}

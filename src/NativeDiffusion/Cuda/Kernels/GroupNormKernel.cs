using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>GroupNorm, with SiLU if asked, over one tensor or a concat of two: kernels/group_norm.cu.</summary>
internal sealed class GroupNormKernel : IDisposable
{
    private const int WarpThreads = 32;
    private const int HalfBytes = 2;
    private const int FloatBytes = 4;
    private const int Vector = 8;
    // One launch: below this many threads a block cannot keep enough loads on their way; above it the last ones have nothing to do.
    private const int MostThreads = 1024;
    private const int VectorsAThread = 4;
    // Two launches: a multiple of most layers' columns, 16 to 80 vectors of channels, so that few threads have none.
    private const int MostStretchThreads = 320;
    // Weights, biases and statistics are read once a block: 3 % of what 64 pixels bring and take. Longer stretches join fewer partial results,
    // as long as a multiprocessor has so many of them.
    private const int LeastStretchPixels = 64;
    private const int MostStretchPixels = 512;
    private const int StretchesAMultiprocessor = 4;
    private const int MomentFloats = 2;
    private const int StatisticFloats = 2;
    // What keeps the kernel's tables in shared memory free of bank conflicts.
    private const int Padding = 4;
    private const int TableColumns = 8;

    private readonly CudaModule _module;
    private readonly CudaFunction _norm;
    private readonly CudaFunction _normSilu;
    private readonly CudaFunction _statistics;
    private readonly CudaFunction _apply;
    private readonly CudaFunction _applySilu;

    public GroupNormKernel(KernelLoader loader)
    {
        _module = loader.Load(Variant);
        _norm = _module.Function("group_norm_f16");
        _normSilu = _module.Function("group_norm_silu_f16");
        _statistics = _module.Function("group_norm_statistics_f16");
        _apply = _module.Function("group_norm_apply_f16");
        _applySilu = _module.Function("group_norm_apply_silu_f16");
    }

    public static KernelVariant Variant { get; } = new("group_norm.cu");

    /// <summary>
    /// Bytes of workspace that a launch needs; 0 where one launch is enough. Zeros before the first launch, and left so by each. mostShareBytes: see
    /// <see cref="Launch"/>.
    /// </summary>
    public static long WorkspaceBytes(
        CudaDeviceProperties device, int batch, int channels, int channels2, int spatial, int groups, long mostShareBytes = long.MaxValue) =>
        ShareBytes(channels + channels2, spatial, groups) <= Math.Min(mostShareBytes, MostShareBytes(device)) ? 0
            : Arrived(batch) + ((long)FloatBytes * batch * groups * (StatisticFloats + ((long)MomentFloats * Stretches(device, batch, spatial))));

    /// <summary>
    /// y = GroupNorm([x, x2]) · weight + bias, then SiLU if asked.
    /// x: [batch, spatial, channels] half; x2: [batch, spatial, channels2] half, or none; weight, bias: [channels + channels2] float;
    /// y: [batch, spatial, channels + channels2] half; workspace: see <see cref="WorkspaceBytes"/>; mostShareBytes: a group of a picture that is larger takes
    /// two launches even where a block could hold it.
    /// </summary>
    public void Launch(
        IKernelQueue queue, DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer y, DevicePointer workspace,
        int batch, int channels, int channels2, int spatial, int groups, float epsilon, bool silu, long mostShareBytes = long.MaxValue)
    {
        CudaDeviceProperties device = queue.Context.Device;
        int all = channels + channels2;
        long share = ShareBytes(all, spatial, groups);
        if (share <= Math.Min(mostShareBytes, MostShareBytes(device)))
        {
            long threads = Math.Clamp(share / (HalfBytes * Vector * VectorsAThread), WarpThreads * 4, MostThreads) / WarpThreads * WarpThreads;
            Norm(
                silu ? _normSilu
                : _norm, queue, new Dim3(groups, batch), (int)threads, (int)share, x, x2, weight, bias, y, channels, channels2, spatial, groups, epsilon);
            return;
        }

        int stretch = Stretch(device, batch, spatial);
        // If pointers make the kernel go by single channels, it needs no more than this.
        int vector = (channels | channels2) % Vector == 0 ? Vector : 1;
        int columns = all / vector, block = StretchThreads(columns);
        var grid = new Dim3(Stretches(device, batch, spatial), batch);
        DevicePointer statistics = workspace + Arrived(batch);
        DevicePointer partial = statistics + ((long)FloatBytes * batch * groups * StatisticFloats);
        Statistics(
            queue, grid, block, 2 * FloatBytes * vector * (Math.Max(block, UpTo(columns, WarpThreads)) + Padding),
            x, x2, partial, workspace, statistics, channels, channels2, spatial, groups, epsilon, stretch);
        Apply(
            silu ? _applySilu : _apply, queue, grid, block, 2 * FloatBytes * (groups + (vector == 1 ? all : vector * (UpTo(columns, TableColumns) + Padding))),
            x, x2, weight, bias, statistics, y, channels, channels2, spatial, groups, stretch);
    }

    public void Dispose() => _module.Dispose();

    [KernelEntry("group_norm_f16", "group_norm_silu_f16")]
    private static void Norm(
        CudaFunction function, IKernelQueue queue, Dim3 grid, Dim3 block, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer y, int channels, int channels2, int spatial, int groups,
            float epsilon) =>
        queue.Launch(function, grid, block, sharedBytes, x, x2, weight, bias, y, channels, channels2, spatial, groups, epsilon);

    [KernelEntry("group_norm_statistics_f16")]
    private void Statistics(
        IKernelQueue queue, Dim3 grid, Dim3 block, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer partial, DevicePointer arrived, DevicePointer statistics, int channels, int channels2, int spatial,
            int groups, float epsilon, int stretch) =>
        queue.Launch(_statistics, grid, block, sharedBytes, x, x2, partial, arrived, statistics, channels, channels2, spatial, groups, epsilon, stretch);

    [KernelEntry("group_norm_apply_f16", "group_norm_apply_silu_f16")]
    private static void Apply(
        CudaFunction function, IKernelQueue queue, Dim3 grid, Dim3 block, int sharedBytes,
        DevicePointer x, DevicePointer x2, DevicePointer weight, DevicePointer bias, DevicePointer statistics, DevicePointer y, int channels, int channels2,
            int spatial, int groups, int stretch) =>
        queue.Launch(function, grid, block, sharedBytes, x, x2, weight, bias, statistics, y, channels, channels2, spatial, groups, stretch);

    // One group of one picture, with its weights and biases.
    private static long ShareBytes(int channels, int spatial, int groups)
    {
        int channelsAGroup = channels / groups;
        return (((long)HalfBytes * spatial * channelsAGroup) + 15) / 16 * 16 + (2 * FloatBytes * channelsAGroup);
    }

    // The kernel's own 256 bytes, and some room for what the driver reserves.
    private static long MostShareBytes(CudaDeviceProperties device) => device.SharedPerBlockOptIn - 1024;

    // Whole rows of columns, up to the next warp.
    private static int StretchThreads(int columns) =>
        columns >= MostStretchThreads ? MostStretchThreads : UpTo(MostStretchThreads / columns * columns, WarpThreads);

    private static int UpTo(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static int Stretch(CudaDeviceProperties device, int batch, int spatial)
    {
        // Rounded up: a stretch more on some multiprocessors would cost more than one less on others.
        long stretches = (long)StretchesAMultiprocessor * device.Multiprocessors * LeastStretchPixels;
        return (int)Math.Clamp((((long)batch * spatial) + stretches - 1) / stretches * LeastStretchPixels, LeastStretchPixels, MostStretchPixels);
    }

    private static int Stretches(CudaDeviceProperties device, int batch, int spatial)
    {
        int stretch = Stretch(device, batch, spatial);
        return (spatial + stretch - 1) / stretch;
    }

    private static long Arrived(int batch) => (((long)FloatBytes * batch) + 255) / 256 * 256;
}

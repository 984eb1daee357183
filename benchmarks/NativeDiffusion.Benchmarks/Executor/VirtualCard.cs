using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Counters;

namespace NativeDiffusion.Benchmarks.Executor;

/// <summary>A virtual card with a stream, the shipped PTX, and one piece of memory for each of a launch's arguments.</summary>
internal sealed class VirtualCard : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];
    private readonly VirtualCudaDriver _driver;

    public VirtualCard(VirtualGpuOptions options)
    {
        _driver = new VirtualCudaDriver(options with { Budgets = ShippedBudgets.All });
        Context = CudaContext.Open(_driver);
        using ContextScope scope = Context.Enter();
        Stream = new CudaStream(Context);
        Loader = new KernelLoader(Context, compiler: null, cache: null, KernelList.ShippedPtx);
    }

    /// <summary>To be entered by whoever launches.</summary>
    public CudaContext Context { get; }

    public CudaStream Stream { get; }

    public KernelLoader Loader { get; }

    /// <summary>What the launches since <see cref="Forget"/> did.</summary>
    public IReadOnlyList<LaunchCounters> Launches => _driver.Launches;

    public void Forget() => _driver.ClearLaunches();

    /// <summary>Memory of zeros, as large as asked for; the same piece for the same place of the list, made anew where it was smaller.</summary>
    public DevicePointer Memory(int place, long bytes)
    {
        while (_buffers.Count <= place) _buffers.Add(new DeviceBuffer(Context, 16));
        if (_buffers[place].Bytes < bytes)
        {
            Stream.Synchronize();
            _buffers[place].Dispose();
            _buffers[place] = new DeviceBuffer(Context, bytes);
            Stream.Fill(_buffers[place].Pointer, 0, bytes);
        }
        return _buffers[place].Pointer;
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers) buffer.Dispose();
        Stream.Dispose();
        Context.Dispose();
        _driver.Dispose();
    }
}

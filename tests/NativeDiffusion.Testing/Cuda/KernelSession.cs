using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>
/// A virtual card as the engine drives it: context, stream, and a loader that has the shipped PTX alone. At the end all must be given back, and
/// nothing found.
/// </summary>
internal sealed unsafe class KernelSession : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];

    public KernelSession(VirtualGpuOptions? options = null)
    {
        Driver = new VirtualCudaDriver((options ?? new VirtualGpuOptions()) with { Budgets = ShippedBudgets.All });
        Context = CudaContext.Open(Driver);
        // A scope cannot be kept in a field; the test's thread leaves at the end.
        _ = Context.Enter();
        Stream = new CudaStream(Context);
        Loader = new KernelLoader(Context, compiler: null, cache: null, KernelList.ShippedPtx);
    }

    /// <summary>Cards whose shipped PTX differs.</summary>
    public static VirtualGpuOptions Card(int capability, bool isAdversarial = false, bool isCounting = false) =>
        new() { Workers = 1, Devices = [DeviceModel.Of(capability)], IsAdversarial = isAdversarial, IsCounting = isCounting };

    public VirtualCudaDriver Driver { get; }

    public CudaContext Context { get; }

    public CudaStream Stream { get; }

    public KernelLoader Loader { get; }

    /// <summary>What the launches cost so far.</summary>
    public IReadOnlyList<LaunchCounters> Launches => Driver.Launches;

    /// <summary>A module of other PTX than what ships. The caller gives it back.</summary>
    public CudaModule Load(string ptx) =>
        CudaModule.Load(Context, Encoding.UTF8.GetBytes(ptx), out string log, out CUresult refused) ?? throw new PtxException($"{refused}: {log}", 0);

    /// <summary>Memory with numbers.</summary>
    public DevicePointer Upload<T>(params T[] values)
        where T : unmanaged
    {
        DevicePointer pointer = Allocate<T>(values.Length);
        Stream.Upload<T>(values, pointer);
        return pointer;
    }

    /// <summary>Memory that nobody has written.</summary>
    public DevicePointer Allocate<T>(long count)
        where T : unmanaged
    {
        var buffer = new DeviceBuffer(Context, count * sizeof(T));
        _buffers.Add(buffer);
        return buffer.Pointer;
    }

    /// <summary>What lies there when all is done.</summary>
    public T[] Download<T>(DevicePointer pointer, int count)
        where T : unmanaged
    {
        var values = new T[count];
        Stream.Download<T>(pointer, values);
        return values;
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers)
            buffer.Dispose();
        Stream.Dispose();
        Context.Check(Driver.cuCtxPopCurrent(out _));
        Context.Dispose();
        Driver.FindLeaks();
        IReadOnlyList<Finding> findings = Driver.Findings;
        Driver.Dispose();
        FoundException.ThrowIfAny(findings);
    }
}

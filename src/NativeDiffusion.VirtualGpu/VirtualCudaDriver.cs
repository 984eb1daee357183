using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>
/// The CUDA driver API over host memory: PTX is executed, checked and counted, streams execute everything as late as stream order allows, and
/// defects that a device would let pass by luck are reported. Thread-safe as the driver is; the current context belongs to the calling thread.
/// <see cref="Findings"/> holds the defects, <see cref="Launches"/> the counters of each launch.
/// </summary>
public sealed unsafe partial class VirtualCudaDriver : ICudaDriver, IDisposable
{
    private const int MaxFindings = 1000;
    private readonly Lock _gate = new();
    private readonly VirtualGpuOptions _options;
    private readonly AddressSpace _space = new();
    private readonly VirtualDevice[] _devices;
    private readonly Dictionary<nint, object> _handles = [];
    private readonly ThreadLocal<Stack<VirtualDevice?>> _contexts = new(() => new Stack<VirtualDevice?>());
    private readonly FindingList _findings = new(MaxFindings);
    private readonly List<LaunchCounters> _launches = [];
    private readonly RegisterCounts _registers;
    private nint _nextHandle = 0x1000;
    private bool _isInitialized;

    /// <summary>Creates a driver with the devices of the options.</summary>
    /// <param name="options">Devices and checks; null for one A100.</param>
    public VirtualCudaDriver(VirtualGpuOptions? options = null)
    {
        _options = options ?? new VirtualGpuOptions();
        _registers = new RegisterCounts(_options.Budgets);
        _devices = [.. _options.Devices.Select((model, i) => new VirtualDevice(i, model, NewHandle(), NewHandle()))];
        foreach (VirtualDevice device in _devices)
        {
            _handles.Add(device.Context.Value, device);
            _handles.Add(device.Pool.Value, device);
        }
    }

    /// <summary>All findings so far, of kernels and of API calls.</summary>
    public IReadOnlyList<Finding> Findings => _findings.ToList();

    /// <summary>The counters of each launch, in order of execution.</summary>
    public IReadOnlyList<LaunchCounters> Launches
    {
        get
        {
            lock (_gate) return [.. _launches];
        }
    }

    /// <summary>Clears the counters, so that those of a section of work can be read separately.</summary>
    public void ClearLaunches()
    {
        lock (_gate) _launches.Clear();
    }

    /// <summary>leakcheck: reports memory, streams, events, modules and graphs that were never released, here and in <see cref="Findings"/>.</summary>
    public IReadOnlyList<Finding> FindLeaks()
    {
        lock (_gate)
        {
            var leaks = new List<Finding>();
            foreach (Allocation allocation in _space.Live.Where(allocation => allocation is { Kind: AllocationKind.Device, IsFreePending: false }))
                leaks.Add(Leak($"{allocation.Size} bytes of device memory at 0x{allocation.Address:X} were never freed."));
            foreach (Allocation allocation in _space.Live.Where(allocation => allocation.Kind == AllocationKind.Host))
                leaks.Add(Leak($"{allocation.Size} bytes of pinned memory at 0x{allocation.Address:X} were never freed."));
            foreach (IGrouping<string, object> kind in _handles.Values
                .Where(item => item is not VirtualDevice and not VirtualFunction and not GraphNode).GroupBy(Kind))
                leaks.Add(Leak($"{kind.Count()} {kind.Key} never destroyed."));
            foreach (Finding leak in leaks) _findings.Add(leak);
            return leaks;
        }
    }

    /// <summary>Releases all memory. Later calls, such as those of late finalizers, return CUDA_ERROR_NOT_INITIALIZED.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isInitialized = false;
            foreach (VirtualModule module in _handles.Values.OfType<VirtualModule>()) module.Image.Unload();
            foreach (Allocation allocation in _space.Live.ToList()) _space.Free(allocation);
            foreach (VirtualFunction function in _handles.Values.OfType<VirtualFunction>()) Marshal.FreeCoTaskMem(function.NativeName);
            _handles.Clear();
            foreach (nint text in _texts.Values) Marshal.FreeCoTaskMem(text);
            _texts.Clear();
        }
        _contexts.Dispose();
        _registers.Dispose();
        _captureMode.Dispose();
    }

    private static string Kind(object item) => item switch
    {
        VirtualStream => "streams were",
        VirtualEvent => "events were",
        VirtualModule => "modules were",
        VirtualGraph => "graphs were",
        VirtualGraphExec => "instantiated graphs were",
        _ => "handles were",
    };

    private static Finding Leak(string message) => Finding.Of(FindingKind.Leak, message);

    private nint NewHandle() => _nextHandle += 0x10;

    private nint Keep(object item)
    {
        nint handle = NewHandle();
        _handles.Add(handle, item);
        return handle;
    }

    private T? Find<T>(nint handle)
        where T : class => _handles.TryGetValue(handle, out object? item) ? item as T : null;

    /// <summary>The common checks of calls that need a context: initialised driver, current context, no earlier error, no conflicting capture.</summary>
    private CUresult Enter(out VirtualDevice device, CaptureRule rule = CaptureRule.Safe, [CallerMemberName] string call = "")
    {
        device = null!;
        if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
        if (!_contexts.Value!.TryPeek(out VirtualDevice? current) || current is null)
        {
            _findings.Add(
                Finding.Of(FindingKind.NoContext, $"{call} was called on a thread without a current context; push or set one on this thread first."));
            return CUresult.CUDA_ERROR_INVALID_CONTEXT;
        }
        device = current;
        if (device.Retained == 0) return CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED;
        if (device.Broken != CUresult.CUDA_SUCCESS) return device.Broken;
        return CheckCapture(device, rule, call);
    }

    /// <summary>
    /// As <see cref="Enter"/>, for calls that release something: they do so in a broken context, too, but still return its error.
    /// </summary>
    private CUresult EnterToRelease(out VirtualDevice device, CaptureRule rule = CaptureRule.Safe, [CallerMemberName] string call = "")
    {
        CUresult result = Enter(out device, rule, call);
        return device is not null && result == device.Broken ? CUresult.CUDA_SUCCESS : result;
    }

    private CUresult CheckCapture(VirtualDevice device, CaptureRule rule, string call)
    {
        if (rule == CaptureRule.Safe) return CUresult.CUDA_SUCCESS;
        CUresult result = CUresult.CUDA_SUCCESS;
        foreach (StreamCapture capture in Captures(device))
        {
            bool isForbidden = rule == CaptureRule.Synchronizing
                || (_captureMode.Value != CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED && capture.Mode switch
                {
                    CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL => true,
                    CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL => capture.Thread == Environment.CurrentManagedThreadId,
                    _ => false,
                });
            if (!isForbidden) continue;
            Invalidate(capture, call);
            result = CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        }
        return result;
    }

    private void Invalidate(StreamCapture capture, string call)
    {
        capture.InvalidatedBy ??= call;
        _findings.Add(
            Finding.Of(FindingKind.CaptureViolation, $"{call} is not allowed during stream capture, because it may synchronise; the capture is invalidated."));
    }

    private static IEnumerable<StreamCapture> Captures(VirtualDevice device) =>
        device.Streams.Select(stream => stream.Capture).Where(capture => capture is { InvalidatedBy: null }).Select(capture => capture!).Distinct().ToList();
}

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
/// The CUDA driver's functions over host memory: PTX is executed, checked and counted, streams do everything as late as they may, and whatever
/// a card would let pass by luck is found. Thread-safe as the driver is; the current context belongs to the calling thread.
/// Findings say what is wrong, <see cref="Launches"/> what each launch cost.
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
    private readonly RegisterCounts _registers = new();
    private nint _nextHandle = 0x1000;
    private bool _isInitialized;

    /// <summary>Creates a driver with the cards that the options name.</summary>
    /// <param name="options">What it stands in for; null for one A100.</param>
    public VirtualCudaDriver(VirtualGpuOptions? options = null)
    {
        _options = options ?? new VirtualGpuOptions();
        _devices = [.. _options.Devices.Select((model, i) => new VirtualDevice(i, model, NewHandle(), NewHandle()))];
        foreach (VirtualDevice device in _devices)
        {
            _handles.Add(device.Context.Value, device);
            _handles.Add(device.Pool.Value, device);
        }
    }

    /// <summary>Everything that was found so far, in kernels and in calls.</summary>
    public IReadOnlyList<Finding> Findings => _findings.ToList();

    /// <summary>What each launch cost, in the order in which they ran.</summary>
    public IReadOnlyList<LaunchCounters> Launches
    {
        get
        {
            lock (_gate) return [.. _launches];
        }
    }

    /// <summary>Forgets counters, so that those of a stretch of work stand alone.</summary>
    public void ClearLaunches()
    {
        lock (_gate) _launches.Clear();
    }

    /// <summary>Looks for what was never given back: memory, streams, events, modules, graphs. Each is a finding, here and in <see cref="Findings"/>.</summary>
    public IReadOnlyList<Finding> FindLeaks()
    {
        lock (_gate)
        {
            var leaks = new List<Finding>();
            foreach (Allocation allocation in _space.Live.Where(allocation => allocation is { Kind: AllocationKind.Device, IsFreePending: false }))
                leaks.Add(Leak($"{allocation.Size} bytes of device memory at 0x{allocation.Address:X} were never freed."));
            foreach (Allocation allocation in _space.Live.Where(allocation => allocation.Kind == AllocationKind.Host))
                leaks.Add(Leak($"{allocation.Size} bytes of pinned memory at 0x{allocation.Address:X} were never freed."));
            foreach (IGrouping<string, object> kind in _handles.Values.Where(
                item => item is not VirtualDevice and not VirtualFunction and not GraphNode).GroupBy(Kind))
                leaks.Add(Leak($"{kind.Count()} {kind.Key} never given back."));
            foreach (Finding leak in leaks) _findings.Add(leak);
            return leaks;
        }
    }

    /// <summary>Gives all memory back. Whatever is called afterwards, as by finalizers that come late, answers that the driver is not initialised.</summary>
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

    private static Finding Leak(string message) => new() { Kind = FindingKind.Leak, Message = message };

    private nint NewHandle() => _nextHandle += 0x10;

    private nint Keep(object item)
    {
        nint handle = NewHandle();
        _handles.Add(handle, item);
        return handle;
    }

    private T? Find<T>(nint handle)
        where T : class => _handles.TryGetValue(handle, out object? item) ? item as T : null;

    /// <summary>The checks in front of every call that works in a context: initialised, a current context, nothing broken, no capture in the way.</summary>
    private CUresult Enter(out VirtualDevice device, CaptureRule rule = CaptureRule.Safe, [CallerMemberName] string call = "")
    {
        device = null!;
        if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
        if (!_contexts.Value!.TryPeek(out VirtualDevice? current) || current is null)
        {
            _findings.Add(new Finding
            {
                Kind = FindingKind.NoContext,
                Message = $"{call} was called on a thread without a current context: push or set one first, it belongs to the thread.",
            });
            return CUresult.CUDA_ERROR_INVALID_CONTEXT;
        }
        device = current;
        if (device.Retained == 0) return CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED;
        if (device.Broken != CUresult.CUDA_SUCCESS) return device.Broken;
        return CheckCapture(device, rule, call);
    }

    /// <summary>
    /// As <see cref="Enter"/>, for what gives something back: that it does in a broken context, too, though the answer is still what broke it.
    /// </summary>
    private CUresult EnterToGiveBack(out VirtualDevice device, CaptureRule rule = CaptureRule.Safe, [CallerMemberName] string call = "")
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
        _findings.Add(new Finding
        {
            Kind = FindingKind.CaptureViolation,
            Message = $"{call} was called while a stream captures: it may wait for the device, which a capture forbids; the capture is lost.",
        });
    }

    private static IEnumerable<StreamCapture> Captures(VirtualDevice device) =>
        device.Streams.Select(stream => stream.Capture).Where(capture => capture is { InvalidatedBy: null }).Select(capture => capture!).Distinct().ToList();
}

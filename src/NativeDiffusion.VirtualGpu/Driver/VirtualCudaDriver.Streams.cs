using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Streams and events.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <summary>Queries return CUDA_ERROR_NOT_READY this many times before anything executes, so that callers must poll.</summary>
    private const int PatienceOfQueries = 3;

    /// <inheritdoc/>
    public CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority)
    {
        lock (_gate)
        {
            phStream = default;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            nint handle = NewHandle();
            var stream = new VirtualStream(new CUstream(handle), (flags & CUstream_flags.CU_STREAM_NON_BLOCKING) == 0, device);
            _handles.Add(handle, stream);
            device.Streams.Add(stream);
            phStream = stream.Handle;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamDestroy(CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualStream>(hStream.Value) is not { } stream || !device.Streams.Remove(stream)) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is { } capture) capture.InvalidatedBy ??= nameof(cuStreamDestroy);
            // Enqueued work still executes at some time; the default stream keeps it.
            StreamWork? rest = stream.Last;
            if (rest is { IsDone: false })
                device.DefaultStream.Last = new StreamWork("cuStreamDestroy", null, [device.DefaultStream.Last, rest]);
            _handles.Remove(hStream.Value);
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamSynchronize(CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is { } capture)
            {
                Invalidate(capture, nameof(cuStreamSynchronize));
                return CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
            }
            stream.Last?.Run();
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamQuery(CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is { } capture)
            {
                Invalidate(capture, nameof(cuStreamQuery));
                return CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
            }
            if (stream.Last is not { IsDone: false } last) return CUresult.CUDA_SUCCESS;
            if (++stream.Queries <= PatienceOfQueries) return CUresult.CUDA_ERROR_NOT_READY;
            last.Run();
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream || Find<VirtualEvent>(hEvent.Value) is not { } recorded) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (recorded.Capture is { } capture) return Join(capture, stream, recorded);
            if (stream.Capture is { } own)
            {
                // An event recorded outside of the capture cannot be waited for inside.
                Invalidate(own, nameof(cuStreamWaitEvent));
                return CUresult.CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
            }
            if (recorded.Recorded is not { } work) return CUresult.CUDA_SUCCESS;
            stream.Last = new StreamWork(nameof(cuStreamWaitEvent), null, [stream.Last, work]);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags)
    {
        lock (_gate)
        {
            phEvent = default;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            phEvent = new CUevent(Keep(new VirtualEvent(device, Flags)));
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventRecord(CUevent hEvent, CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream || Find<VirtualEvent>(hEvent.Value) is not { } recorded) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (recorded.Device != device) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            recorded.Queries = 0;
            if (stream.Capture is { } capture)
            {
                (recorded.Capture, recorded.Recorded) = (capture, null);
                recorded.Frontier = [.. stream.Frontier];
                return CUresult.CUDA_SUCCESS;
            }
            (recorded.Capture, recorded.Frontier) = (null, []);
            result = Add(device, stream, nameof(cuEventRecord), null);
            recorded.Recorded = stream.Last;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventSynchronize(CUevent hEvent)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualEvent>(hEvent.Value) is not { } recorded) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (recorded.Capture is not null) return CUresult.CUDA_ERROR_CAPTURED_EVENT;
            recorded.Recorded?.Run();
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventQuery(CUevent hEvent)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualEvent>(hEvent.Value) is not { } recorded) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (recorded.Capture is not null) return CUresult.CUDA_ERROR_CAPTURED_EVENT;
            if (recorded.Recorded is not { IsDone: false } work) return CUresult.CUDA_SUCCESS;
            if (++recorded.Queries <= PatienceOfQueries) return CUresult.CUDA_ERROR_NOT_READY;
            work.Run();
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd)
    {
        lock (_gate)
        {
            pMilliseconds = 0;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualEvent>(hStart.Value) is not { Recorded: { } start } first || Find<VirtualEvent>(hEnd.Value) is not { Recorded: { } end } last)
                return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (first.Device != last.Device) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (((first.Flags | last.Flags) & CUevent_flags.CU_EVENT_DISABLE_TIMING) != 0) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (!start.IsDone || !end.IsDone) return CUresult.CUDA_ERROR_NOT_READY;
            pMilliseconds = (float)System.Diagnostics.Stopwatch.GetElapsedTime(start.DoneAt, end.DoneAt).TotalMilliseconds;
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuEventDestroy(CUevent hEvent)
    {
        lock (_gate)
        {
            if (Find<VirtualEvent>(hEvent.Value) is null) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            _handles.Remove(hEvent.Value);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <summary>The stream of a handle; the default one for 0 and the two special handles.</summary>
    private VirtualStream? Stream(VirtualDevice device, CUstream handle)
    {
        if (handle.Value is 0 or 1 or 2) return device.DefaultStream;
        return Find<VirtualStream>(handle.Value) is { } stream && device.Streams.Contains(stream) ? stream : null;
    }

    /// <summary>Enqueues work after its dependencies.</summary>
    private CUresult Add(VirtualDevice device, VirtualStream stream, string name, Action? action, LaunchedKernel? kernel = null)
    {
        bool isDefault = stream == device.DefaultStream;
        if (isDefault)
        {
            foreach (StreamCapture capture in Captures(device).Where(capture => capture.Streams.Exists(other => other.IsBlocking)))
            {
                Invalidate(capture, name);
                return CUresult.CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
            }
        }
        var after = new List<StreamWork?> { stream.Last };
        if (isDefault) after.AddRange(device.Streams.Where(other => other.IsBlocking).Select(other => other.Last));
        else if (stream.IsBlocking) after.Add(device.DefaultStream.Last);
        stream.Last = new StreamWork(name, action, after) { Kernel = kernel };
        stream.Queries = 0;
        return CUresult.CUDA_SUCCESS;
    }
}

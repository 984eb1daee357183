using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Stream capture: work enqueued in a capturing stream becomes a graph.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    private readonly ThreadLocal<CUstreamCaptureMode> _captureMode = new();


    /// <inheritdoc/>
    public CUresult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream == device.DefaultStream) return CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
            if (stream.Capture is not null) return CUresult.CUDA_ERROR_ILLEGAL_STATE;
            stream.Capture = new StreamCapture(stream, mode, Environment.CurrentManagedThreadId, new VirtualGraph());
            stream.Frontier.Clear();
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph)
    {
        lock (_gate)
        {
            phGraph = default;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is not { } capture) return CUresult.CUDA_ERROR_ILLEGAL_STATE;
            if (capture.Origin != stream) return CUresult.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
            if (capture.Mode != CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED && capture.Thread != Environment.CurrentManagedThreadId)
                return CUresult.CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
            bool isJoined = capture.Graph.Nodes.All(node => IsReached(node, stream.Frontier, capture.Graph));
            foreach (VirtualStream other in capture.Streams)
            {
                other.Capture = null;
                if (other != stream) other.Frontier.Clear();
            }
            stream.Frontier.Clear();
            if (capture.InvalidatedBy is not null) return CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
            if (!isJoined) return CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
            foreach (GraphNode node in capture.Graph.Nodes) _handles[node.Handle.Value] = node;
            phGraph = new CUgraph(Keep(capture.Graph));
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus)
    {
        lock (_gate)
        {
            captureStatus = CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_NONE;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (stream.Capture is { } capture)
            {
                captureStatus = capture.InvalidatedBy is null
                    ? CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_ACTIVE
                    : CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_INVALIDATED;
            }
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode)
    {
        (mode, _captureMode.Value) = (_captureMode.Value, mode);
        return CUresult.CUDA_SUCCESS;
    }

    /// <summary>The last nodes of every branch must be dependencies of what the capturing stream would enqueue next.</summary>
    private static bool IsReached(GraphNode node, List<GraphNode> frontier, VirtualGraph graph) =>
        frontier.Contains(node) || graph.Nodes.Exists(other => other.After.Exists(edge => edge.Node == node));

    /// <summary>Adds a node that depends on everything that the stream has captured.</summary>
    private GraphNode CaptureNode(StreamCapture capture, VirtualStream stream, CUgraphNodeType type)
    {
        var node = new GraphNode(NewHandle(), capture.Graph, type);
        foreach (GraphNode earlier in stream.Frontier) node.After.Add((earlier, default));
        capture.Graph.Nodes.Add(node);
        stream.Frontier.Clear();
        stream.Frontier.Add(node);
        return node;
    }

    private CUresult CaptureCopy(StreamCapture capture, VirtualStream stream, CUDA_MEMCPY3D copy)
    {
        CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY).Memcpy = copy;
        return CUresult.CUDA_SUCCESS;
    }

    /// <summary>A stream that waits for an event of a capture joins it.</summary>
    private static CUresult Join(StreamCapture capture, VirtualStream stream, VirtualEvent recorded)
    {
        if (stream.Capture is not null && stream.Capture != capture) return CUresult.CUDA_ERROR_STREAM_CAPTURE_MERGE;
        if (capture.Origin.Capture != capture) return CUresult.CUDA_ERROR_INVALID_VALUE;
        if (stream.Capture is null)
        {
            stream.Capture = capture;
            capture.Streams.Add(stream);
            stream.Frontier.Clear();
        }
        foreach (GraphNode node in recorded.Frontier)
            if (!stream.Frontier.Contains(node)) stream.Frontier.Add(node);
        return CUresult.CUDA_SUCCESS;
    }
}

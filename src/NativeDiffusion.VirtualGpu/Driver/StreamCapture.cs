using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>An active capture: its graph, the capturing thread and the mode.</summary>
internal sealed class StreamCapture(VirtualStream origin, CUstreamCaptureMode mode, int thread, VirtualGraph graph)
{
    public VirtualStream Origin => origin;

    public CUstreamCaptureMode Mode => mode;

    /// <summary>The capturing thread.</summary>
    public int Thread => thread;

    public VirtualGraph Graph => graph;

    /// <summary>Streams in it.</summary>
    public List<VirtualStream> Streams { get; } = [origin];

    /// <summary>The call that invalidated it; null while it is valid.</summary>
    public string? InvalidatedBy { get; set; }
}

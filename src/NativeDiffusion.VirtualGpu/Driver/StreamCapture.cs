using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A capture under way: the graph that grows, who began it and how strict it is.</summary>
internal sealed class StreamCapture(VirtualStream origin, CUstreamCaptureMode mode, int thread, VirtualGraph graph)
{
    public VirtualStream Origin => origin;

    public CUstreamCaptureMode Mode => mode;

    /// <summary>The thread that began it.</summary>
    public int Thread => thread;

    public VirtualGraph Graph => graph;

    /// <summary>Streams in it.</summary>
    public List<VirtualStream> Streams { get; } = [origin];

    /// <summary>The call that made it worthless; null while it is good.</summary>
    public string? InvalidatedBy { get; set; }
}

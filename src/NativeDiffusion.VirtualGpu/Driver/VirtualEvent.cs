using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>An event: the work after which it was last recorded, or the nodes of a capture.</summary>
internal sealed class VirtualEvent(VirtualDevice device, CUevent_flags flags)
{
    /// <summary>Only streams of this device may record it; any may wait for it.</summary>
    public VirtualDevice Device => device;

    public CUevent_flags Flags => flags;

    public StreamWork? Recorded { get; set; }

    public StreamCapture? Capture { get; set; }

    public IReadOnlyList<GraphNode> Frontier { get; set; } = [];

    public int Queries { get; set; }
}

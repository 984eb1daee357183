using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A stream: the last thing that it was asked to do, behind which the next one comes.</summary>
internal sealed class VirtualStream(CUstream handle, bool isBlocking)
{
    public CUstream Handle => handle;

    /// <summary>True where it keeps order with the default stream.</summary>
    public bool IsBlocking => isBlocking;

    public StreamWork? Last { get; set; }

    /// <summary>The capture that it takes part in.</summary>
    public StreamCapture? Capture { get; set; }

    /// <summary>In a capture: the nodes that the next one comes behind.</summary>
    public List<GraphNode> Frontier { get; } = [];

    /// <summary>How often it was asked whether it is done since it last was given something.</summary>
    public int Queries { get; set; }
}

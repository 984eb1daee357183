using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A stream: its last enqueued work, after which the next one executes.</summary>
/// <param name="handle">The driver's handle.</param>
/// <param name="isBlocking">True where it keeps order with the default stream.</param>
/// <param name="device">Where work of all streams is numbered; null for the default stream, whose place is fixed.</param>
internal sealed class VirtualStream(CUstream handle, bool isBlocking, VirtualDevice? device = null)
{
    public CUstream Handle => handle;

    /// <summary>True for a blocking stream, which synchronises with the default stream.</summary>
    public bool IsBlocking => isBlocking;

    public StreamWork? Last
    {
        get;
        set
        {
            field = value;
            LastNumber = device?.NextWorkNumber() ?? 0;
        }
    }

    /// <summary>Greater than that of anything that another stream of the device was asked for before.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The capture that it takes part in.</summary>
    public StreamCapture? Capture { get; set; }

    /// <summary>In a capture: the nodes on which the next one depends.</summary>
    public List<GraphNode> Frontier { get; } = [];

    /// <summary>The number of queries since work was last enqueued.</summary>
    public int Queries { get; set; }
}

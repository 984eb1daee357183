using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>How one node of a graph waits for another; default is the ordinary edge.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUgraphEdgeData
{
    public byte from_port;
    public byte to_port;
    public byte type;
    public fixed byte reserved[5];
}

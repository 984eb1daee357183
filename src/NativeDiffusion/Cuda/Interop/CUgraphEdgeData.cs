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

    /// <summary>For <see cref="from_port"/>: the point at which a kernel lets those behind it begin.</summary>
    public const byte PortProgrammatic = 1;

    /// <summary>For <see cref="type"/>: the later kernel waits itself.</summary>
    public const byte TypeProgrammatic = 1;
}

using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Blocks of a cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUclusterDim
{
    public uint x;
    public uint y;
    public uint z;
}

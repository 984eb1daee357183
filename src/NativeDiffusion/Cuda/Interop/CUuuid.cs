using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Sixteen bytes that name a card.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUuuid
{
    public fixed byte bytes[16];
}

using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A tensor map: 128 bytes that the driver writes, passed to kernels by value; it must lie on 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUtensorMap
{
    public fixed ulong opaque[16];
}

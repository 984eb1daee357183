using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A launch with attributes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUlaunchConfig
{
    public uint gridDimX;
    public uint gridDimY;
    public uint gridDimZ;
    public uint blockDimX;
    public uint blockDimY;
    public uint blockDimZ;
    public uint sharedMemBytes;
    public CUstream hStream;
    public CUlaunchAttribute* attrs;
    public uint numAttrs;
}

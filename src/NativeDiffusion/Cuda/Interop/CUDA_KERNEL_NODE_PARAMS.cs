using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A kernel node of a graph.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUDA_KERNEL_NODE_PARAMS
{
    public CUfunction func;
    public uint gridDimX;
    public uint gridDimY;
    public uint gridDimZ;
    public uint blockDimX;
    public uint blockDimY;
    public uint blockDimZ;
    public uint sharedMemBytes;
    public void** kernelParams;
    public void** extra;
    public CUkernel kern;
    public CUcontext ctx;
}

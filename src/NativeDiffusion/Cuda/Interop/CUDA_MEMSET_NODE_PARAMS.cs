using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A fill node of a graph: width elements of elementSize bytes a row.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUDA_MEMSET_NODE_PARAMS
{
    public CUdeviceptr dst;
    public nuint pitch;
    public uint value;
    public uint elementSize;
    public nuint width;
    public nuint height;
}

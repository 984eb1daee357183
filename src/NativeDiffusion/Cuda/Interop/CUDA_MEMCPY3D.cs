using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A copy node of a graph; a flat copy has Height and Depth 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUDA_MEMCPY3D
{
    public nuint srcXInBytes;
    public nuint srcY;
    public nuint srcZ;
    public nuint srcLOD;
    public CUmemorytype srcMemoryType;
    public void* srcHost;
    public CUdeviceptr srcDevice;
    public nint srcArray;
    public nint reserved0;
    public nuint srcPitch;
    public nuint srcHeight;
    public nuint dstXInBytes;
    public nuint dstY;
    public nuint dstZ;
    public nuint dstLOD;
    public CUmemorytype dstMemoryType;
    public void* dstHost;
    public CUdeviceptr dstDevice;
    public nint dstArray;
    public nint reserved1;
    public nuint dstPitch;
    public nuint dstHeight;
    public nuint WidthInBytes;
    public nuint Height;
    public nuint Depth;
}

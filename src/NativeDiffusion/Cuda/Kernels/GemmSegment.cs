using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>
/// One stretch of a product's depth, as kernels/gemm.cu declares it: A [rows, Depth] half and B [outputs, Depth] half, rows a stride (in halves)
/// apart.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GemmSegment
{
    public DevicePointer A;
    public DevicePointer B;
    public int AStride;
    public int BStride;
    public int Depth;
}

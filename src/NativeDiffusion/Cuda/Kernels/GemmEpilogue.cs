using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>What happens to a product's sums, as kernels/gemm.cu declares it: bias [outputs] float or none, residual [rows, outputs] half or none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GemmEpilogue
{
    public DevicePointer Bias;
    public DevicePointer Residual;
    public int ResidualStride;
}

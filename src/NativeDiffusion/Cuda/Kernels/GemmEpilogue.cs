using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>
/// What happens to a product's sums before they are written, as kernels/gemm.cu declares it: + bias, activation, + residual.
/// Null pointers are left out.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GemmEpilogue
{
    /// <summary>[outputs], float.</summary>
    public DevicePointer Bias;

    /// <summary>[rows, outputs] of the output's type; may be the output itself.</summary>
    public DevicePointer Residual;

    /// <summary>Elements between two rows of the residual.</summary>
    public int ResidualStride;

    /// <summary>Applied to the sum with its bias.</summary>
    public Activation Activation;
}

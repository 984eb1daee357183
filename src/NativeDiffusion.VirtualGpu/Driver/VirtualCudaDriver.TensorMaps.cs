using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Tensor maps belong to the tensor memory accelerator, which the virtual GPU does not have.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <inheritdoc/>
    public CUresult cuTensorMapEncodeTiled(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, uint* boxDim, uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
        CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill) => CUresult.CUDA_ERROR_NOT_SUPPORTED;

    /// <inheritdoc/>
    public CUresult cuTensorMapEncodeIm2col(
        CUtensorMap* tensorMap, CUtensorMapDataType tensorDataType, uint tensorRank, void* globalAddress, ulong* globalDim,
        ulong* globalStrides, int* pixelBoxLowerCorner, int* pixelBoxUpperCorner, uint channelsPerPixel, uint pixelsPerColumn,
        uint* elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle, CUtensorMapL2promotion l2Promotion,
        CUtensorMapFloatOOBfill oobFill) => CUresult.CUDA_ERROR_NOT_SUPPORTED;
}

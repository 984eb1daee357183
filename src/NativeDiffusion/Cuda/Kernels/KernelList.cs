using NativeDiffusion.Cuda.Compilation;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Every compilation that the engine may ask for.</summary>
internal static class KernelList
{
    /// <summary>All variants of all kernels.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        GroupNormKernel.Variant,
        SoftmaxKernel.Variant,
        PhiloxNormalKernel.Variant,
        .. GemmVariant.All.Select(variant => variant.Compilation),
    ];
}

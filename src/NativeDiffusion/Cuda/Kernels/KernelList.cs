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
        .. GemmTile.All.Select(tile => tile.Variant(aligned: true)),
        GemmTile.All[^1].Variant(aligned: false),
    ];
}

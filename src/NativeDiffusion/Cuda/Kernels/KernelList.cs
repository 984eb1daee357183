using NativeDiffusion.Cuda.Compilation;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>Every compilation that the engine may ask for, and what the engine's assembly carries of them.</summary>
internal static class KernelList
{
    /// <summary>The sources: kernels/*.cu and *.cuh.</summary>
    public static KernelSources Sources { get; } = KernelSources.FromResources(typeof(KernelList).Assembly, "NativeDiffusion.Kernels.");

    /// <summary>Every variant's PTX for compute capability 75, 80 and 90: kernels/ptx.</summary>
    public static ShippedPtx ShippedPtx { get; } = new(typeof(KernelList).Assembly, "NativeDiffusion.Ptx.", 75, 80, 90);

    /// <summary>All variants of all kernels.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        GroupNormKernel.Variant,
        SoftmaxKernel.Variant,
        PhiloxNormalKernel.Variant,
        .. GemmVariant.All.Select(variant => variant.Compilation),
    ];
}

using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>The engine's CUDA kernels, for tools that look at them: profilers, disassemblers, tests of compilers. Drawing pictures does not need it.</summary>
public static class KernelCatalog
{
    /// <summary>Every compilation that the engine may ask for.</summary>
    public static IReadOnlyList<KernelListing> All { get; } = [.. KernelList.All.Select(List)];

    /// <summary>Where compiled kernels are kept: NDIFF_CACHE, or the platform's folder for such data.</summary>
    public static string CacheFolder => KernelCache.DefaultFolder;

    /// <summary>The compute capability of the first card, as 89, or null where there is no card or no driver.</summary>
    public static int? FindCard() => CudaDeviceProperties.OfFirstCard()?.ComputeCapability;

    /// <summary>The machine's NVRTC, or null where there is none (<c>ndiff doctor</c> says where it is looked for). Needs no card.</summary>
    public static KernelCatalogCompiler? FindCompiler() => NativeNvrtc.Load() is { } nvrtc ? new KernelCatalogCompiler(new KernelCompiler(nvrtc)) : null;

    /// <summary>The compilation of a listing's name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static KernelVariant Variant(string name) => KernelList.All.FirstOrDefault(variant => variant.Name == name)
        ?? throw new ArgumentException(
            $"There is no kernel '{name}'; there are {string.Join(", ", KernelList.All.Select(variant => variant.Name))}.", nameof(name));

    // The architecture is not in the hash: it stands beside every number.
    internal static KernelListing List(KernelVariant variant) =>
        new(variant.Name, variant.Source, KernelCache.Hash(
            variant, "catalog", KernelCompiler.CodeOptions(variant, "any")), variant.OldestCapability, variant.NewestCapability);
}

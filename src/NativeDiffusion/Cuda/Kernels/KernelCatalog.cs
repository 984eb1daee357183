using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>The engine's CUDA kernels, for tools that look at them: profilers, disassemblers, tests of compilers. Drawing pictures does not need it.</summary>
internal static class KernelCatalog
{
    /// <summary>Every compilation that the engine may ask for.</summary>
    public static IReadOnlyList<KernelListing> All { get; } = [.. KernelList.All.Select(List)];

    /// <summary>Where compiled kernels are kept: NDIFF_CACHE, or the platform's folder for such data.</summary>
    public static string CacheFolder => KernelCache.DefaultFolder;

    /// <summary>
    /// What compilers made of each kernel and what its launches cost on the virtual GPU: the text of kernels/budgets.json, which
    /// <c>KernelBudgets.Parse</c> of the virtual GPU's package reads.
    /// </summary>
    public static string ReadBudgets()
    {
        using var reader = new StreamReader(typeof(KernelCatalog).Assembly.GetManifestResourceStream("NativeDiffusion.budgets.json")!);
        return reader.ReadToEnd();
    }

    /// <summary>The compute capability of the first card, as 89, or null where there is no card or no driver.</summary>
    public static int? FindCard()
    {
        var backend = new NativeCudaBackend();
        return backend.CardCount > 0 && backend.Driver.cuDeviceGet(out CUdevice device, 0) == CUresult.CUDA_SUCCESS
            ? CudaDeviceProperties.Read(backend.Driver, device, 0).ComputeCapability
            : null;
    }

    /// <summary>The machine's NVRTC, or null where there is none (<c>ndiff doctor</c> says where it is looked for). Needs no card.</summary>
    public static KernelCatalogCompiler? FindCompiler() =>
        new NativeCudaBackend().Nvrtc is { } nvrtc ? new KernelCatalogCompiler(new KernelCompiler(nvrtc, KernelList.Sources)) : null;

    /// <summary>The compilation of a listing's name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static KernelVariant Variant(string name) => KernelList.All.FirstOrDefault(variant => variant.Name == name)
        ?? throw new ArgumentException(
            $"There is no kernel '{name}'; there are {string.Join(", ", KernelList.All.Select(variant => variant.Name))}.", nameof(name));

    // The architecture is not in the hash: it stands beside every number.
    internal static KernelListing List(KernelVariant variant) =>
        new(variant.Name, variant.Source, KernelList.Sources.Hash(variant.Source, "catalog", KernelCompiler.CodeOptions(variant, "any")),
            variant.OldestCapability, variant.NewestCapability);
}

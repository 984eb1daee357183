using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>The numbers of the engine's kernels, as its assembly carries them: a virtual card takes its kernels' registers from them.</summary>
internal static class ShippedBudgets
{
    public static KernelBudgets All { get; } = KernelBudgets.Parse(KernelCatalog.ReadBudgets(), "the shipped budgets.json");
}

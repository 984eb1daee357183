using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>A kernel's numbers for one architecture.</summary>
/// <param name="Variant">The compilation's name.</param>
/// <param name="Source">The source.</param>
/// <param name="Cubins">Machine code, an entry each.</param>
/// <param name="Launches">Counted launches.</param>
internal sealed record ProfiledKernel(string Variant, string Source, IReadOnlyList<CubinBudget> Cubins, IReadOnlyList<LaunchBudget> Launches)
{
    /// <summary>The machine code of a launch's entry; null if unknown.</summary>
    public CubinBudget? Cubin(LaunchBudget launch) => Cubins.FirstOrDefault(cubin => cubin.Entry == launch.Entry);
}

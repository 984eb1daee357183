using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>An operation whose launches are counted for the budgets, and timed by the benchmarks where there is a card.</summary>
/// <param name="Variant">The kernel's compilation.</param>
/// <param name="Shape">The operation's sizes.</param>
/// <param name="Card">The card whose PTX and limits it is made for.</param>
/// <param name="Prepare">Loads the kernel and takes the memory of one launch.</param>
internal sealed record BudgetLaunch(KernelVariant Variant, string Shape, DeviceModel Card, Func<KernelLoader, BudgetMemory, PreparedLaunch> Prepare);

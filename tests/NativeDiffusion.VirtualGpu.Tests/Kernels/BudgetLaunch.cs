using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>An operation whose launches are counted for the budgets.</summary>
/// <param name="Variant">The kernel's compilation.</param>
/// <param name="Shape">The operation's sizes.</param>
/// <param name="Card">The card whose PTX and limits it is made for.</param>
/// <param name="Run">Calls the launcher.</param>
internal sealed record BudgetLaunch(KernelVariant Variant, string Shape, DeviceModel Card, Action<KernelLoader, CudaStream, BudgetMemory> Run);

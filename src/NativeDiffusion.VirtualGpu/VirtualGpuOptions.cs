using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.VirtualGpu;

/// <summary>The devices of the virtual GPU, and how strict its checks are.</summary>
public sealed record VirtualGpuOptions
{
    /// <summary>The devices, in the order of their ordinals.</summary>
    public IReadOnlyList<DeviceModel> Devices { get; init; } = [DeviceModel.A100];

    /// <summary>Host threads that run blocks; 0 for all cores. With one, findings come in the same order every time.</summary>
    public int Workers { get; init; }

    /// <summary>True for a random scheduling order of warps, and of divergent lanes until an instruction requires reconvergence.</summary>
    public bool IsAdversarial { get; init; }

    /// <summary>Seed of the random orders.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether memcheck, initcheck, racecheck and synccheck run.</summary>
    public bool HasChecks { get; init; } = true;

    /// <summary>True if tensor-core products are counted and not computed; everything else, on which addresses and control flow may depend, runs.</summary>
    public bool IsCounting { get; init; }

    /// <summary>True if code is compiled to IL, where the runtime can compile.</summary>
    public bool IsCompiled { get; init; } = true;

    /// <summary>True if tensor-core sums are truncated instead of rounded, as hardware does.</summary>
    public bool IsTruncating { get; init; }

    /// <summary>Basic blocks that one warp may run before the kernel is reported as hanging.</summary>
    public long Patience { get; init; } = 200_000_000;

    /// <summary>True if any finding fails the launch, as an invalid address does on a device.</summary>
    public bool FailsOnFindings { get; init; } = true;

    /// <summary>The driver's CUDA version, 13050 for 13.5.</summary>
    public int DriverVersion { get; init; } = 13050;

    /// <summary>
    /// Registers per thread by kernel, which bound the threads of a launch. Otherwise they are known from a cubin that was
    /// loaded just before the PTX, and from <see cref="Budgets"/>; an unknown count is no bound.
    /// </summary>
    public IReadOnlyDictionary<string, int> Registers { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// Numbers of kernels whose PTX ships with a program, from which their <see cref="Registers"/> are taken: such a text names its variant in its second
    /// line. Null where none are known.
    /// </summary>
    public KernelBudgets? Budgets { get; init; }

    /// <summary>True if every launch's counters are kept in <see cref="VirtualCudaDriver.Launches"/>.</summary>
    public bool KeepsLaunches { get; init; } = true;
}

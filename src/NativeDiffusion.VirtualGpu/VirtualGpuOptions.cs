using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu;

/// <summary>What the virtual GPU stands in for, and how strict it is.</summary>
public sealed record VirtualGpuOptions
{
    /// <summary>The cards, in the order of their ordinals.</summary>
    public IReadOnlyList<DeviceModel> Devices { get; init; } = [DeviceModel.A100];

    /// <summary>Threads of the host that run blocks; 0 for all cores. With one, findings come in the same order every time.</summary>
    public int Workers { get; init; }

    /// <summary>True for random orders of warps, and of lanes that went apart until an instruction brings them together.</summary>
    public bool IsAdversarial { get; init; }

    /// <summary>Seed of the random orders.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether memory, races, barriers and the rest are checked.</summary>
    public bool HasChecks { get; init; } = true;

    /// <summary>True where tensor-core products are counted and not computed; all else, on which addresses and control flow may depend, runs.</summary>
    public bool IsCounting { get; init; }

    /// <summary>True where code is compiled, if the runtime can compile.</summary>
    public bool IsCompiled { get; init; } = true;

    /// <summary>True where tensor-core sums are cut off instead of rounded, as cards do it.</summary>
    public bool IsTruncating { get; init; }

    /// <summary>Blocks of code that one warp may run before the kernel is said to hang.</summary>
    public long Patience { get; init; } = 200_000_000;

    /// <summary>True where anything found fails the launch that it was found in, as a bad address does on a card.</summary>
    public bool FailsOnFindings { get; init; } = true;

    /// <summary>The driver's CUDA version, 13050 for 13.5.</summary>
    public int DriverVersion { get; init; } = 13050;

    /// <summary>
    /// Registers of a thread by kernel: they bound what a launch may ask for. Others are known from a cubin that was offered just before the PTX, and for the
    /// PTX
    /// that ships; unknown is no bound.
    /// </summary>
    public IReadOnlyDictionary<string, int> Registers { get; init; } = new Dictionary<string, int>();

    /// <summary>True where every launch's counters are kept in <see cref="VirtualCudaDriver.Launches"/>.</summary>
    public bool KeepsLaunches { get; init; } = true;
}

namespace NativeDiffusion.VirtualGpu.Devices;

/// <summary>
/// The limits and rates of a device that the virtual GPU models. Limits are those of the compute capability (CUDA C++ Programming Guide,
/// table of technical specifications); sizes and rates are those of the device named.
/// </summary>
public sealed record DeviceModel
{
    /// <summary>The device.</summary>
    public required string Name { get; init; }

    /// <summary>90 for compute capability 9.0.</summary>
    public required int Architecture { get; init; }

    /// <summary>Streaming multiprocessors.</summary>
    public required int Multiprocessors { get; init; }

    /// <summary>Maximum resident threads per multiprocessor.</summary>
    public required int ThreadsPerMultiprocessor { get; init; }

    /// <summary>Maximum resident blocks per multiprocessor.</summary>
    public required int BlocksPerMultiprocessor { get; init; }

    /// <summary>Shared memory per multiprocessor, in bytes.</summary>
    public required int SharedPerMultiprocessor { get; init; }

    /// <summary>Maximum shared memory per block with opt-in (MAX_DYNAMIC_SHARED_SIZE_BYTES), in bytes.</summary>
    public required int SharedPerBlockOptIn { get; init; }

    /// <summary>Shared memory per block reserved by the system, in bytes.</summary>
    public required int ReservedShared { get; init; }

    /// <summary>Bytes of device memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of the L2 cache.</summary>
    public required int CacheBytes { get; init; }

    /// <summary>Boost clock in GHz.</summary>
    public required double ClockGHz { get; init; }

    /// <summary>Half-precision tensor-core operations with single-precision sums, dense, in TFLOP/s.</summary>
    public required double TensorTeraflops { get; init; }

    /// <summary>Device memory bandwidth, in TB/s.</summary>
    public required double MemoryTerabytes { get; init; }

    /// <summary>L2 cache bandwidth, in TB/s: an estimate, no data sheet states it.</summary>
    public required double CacheTerabytes { get; init; }

    /// <summary>
    /// The share of <see cref="TensorTeraflops"/> that mma.sync reaches. 2/3 on sm_90, whose assembler spaces HMMA.16816 six cycles apart where the
    /// full rate is one in four; the rest needs wgmma. Elsewhere all of it.
    /// </summary>
    public double MatrixShare { get; init; } = 1;

    /// <summary>The source of the sizes and rates.</summary>
    public required string Source { get; init; }

    /// <summary>Maximum shared memory per block without opt-in, in bytes.</summary>
    public int SharedPerBlock { get; init; } = 48 * 1024;

    /// <summary>Maximum threads per block.</summary>
    public int ThreadsPerBlock { get; init; } = 1024;

    /// <summary>32-bit registers per multiprocessor, and per block.</summary>
    public int Registers { get; init; } = 65536;

    /// <summary>Maximum registers per thread.</summary>
    public int RegistersPerThread { get; init; } = 255;

    /// <summary>Maximum resident warps per multiprocessor.</summary>
    public int Warps => ThreadsPerMultiprocessor / 32;

    /// <summary>Allocation granularity of shared memory, in bytes.</summary>
    public int SharedUnit => Architecture >= 80 ? 128 : 256;

    /// <summary>True where cp.async, bf16 and tf32 exist.</summary>
    public bool HasAsyncCopy => Architecture >= 80;

    /// <summary>Compute capability 7.5.</summary>
    public static DeviceModel T4 { get; } = new()
    {
        Name = "T4",
        Architecture = 75,
        Multiprocessors = 40,
        ThreadsPerMultiprocessor = 1024,
        BlocksPerMultiprocessor = 16,
        SharedPerMultiprocessor = 64 * 1024,
        SharedPerBlockOptIn = 64 * 1024,
        ReservedShared = 0,
        MemoryBytes = 16L << 30,
        CacheBytes = 4 << 20,
        ClockGHz = 1.59,
        TensorTeraflops = 65,
        MemoryTerabytes = 0.32,
        CacheTerabytes = 1.2,
        Source = "NVIDIA T4 data sheet; Turing architecture white paper, appendix C",
    };

    /// <summary>Compute capability 8.0.</summary>
    public static DeviceModel A100 { get; } = new()
    {
        Name = "A100",
        Architecture = 80,
        Multiprocessors = 108,
        ThreadsPerMultiprocessor = 2048,
        BlocksPerMultiprocessor = 32,
        SharedPerMultiprocessor = 164 * 1024,
        SharedPerBlockOptIn = 163 * 1024,
        ReservedShared = 1024,
        MemoryBytes = 80L << 30,
        CacheBytes = 40 << 20,
        ClockGHz = 1.41,
        TensorTeraflops = 312,
        MemoryTerabytes = 2.0,
        CacheTerabytes = 4.5,
        Source = "NVIDIA A100 80GB (SXM) data sheet; A100 architecture white paper, table 4",
    };

    /// <summary>Compute capability 8.6.</summary>
    public static DeviceModel Rtx3090 { get; } = new()
    {
        Name = "RTX 3090",
        Architecture = 86,
        Multiprocessors = 82,
        ThreadsPerMultiprocessor = 1536,
        BlocksPerMultiprocessor = 16,
        SharedPerMultiprocessor = 100 * 1024,
        SharedPerBlockOptIn = 99 * 1024,
        ReservedShared = 1024,
        MemoryBytes = 24L << 30,
        CacheBytes = 6 << 20,
        ClockGHz = 1.70,
        TensorTeraflops = 71,
        MemoryTerabytes = 0.936,
        CacheTerabytes = 2.2,
        Source = "Ampere GA102 architecture white paper, table 2",
    };

    /// <summary>Compute capability 8.6.</summary>
    public static DeviceModel Rtx3060 { get; } = Rtx3090 with
    {
        Name = "RTX 3060",
        Multiprocessors = 28,
        MemoryBytes = 12L << 30,
        CacheBytes = 3 << 20,
        ClockGHz = 1.78,
        TensorTeraflops = 25.5,
        MemoryTerabytes = 0.36,
        CacheTerabytes = 0.8,
        Source = "GeForce RTX 3060 (12 GB) specifications; tensor rate from 512 operations a cycle and multiprocessor, as GA102",
    };

    /// <summary>Compute capability 8.9.</summary>
    public static DeviceModel Rtx4090 { get; } = new()
    {
        Name = "RTX 4090",
        Architecture = 89,
        Multiprocessors = 128,
        ThreadsPerMultiprocessor = 1536,
        BlocksPerMultiprocessor = 24,
        SharedPerMultiprocessor = 100 * 1024,
        SharedPerBlockOptIn = 99 * 1024,
        ReservedShared = 1024,
        MemoryBytes = 24L << 30,
        CacheBytes = 72 << 20,
        ClockGHz = 2.52,
        TensorTeraflops = 165,
        MemoryTerabytes = 1.008,
        CacheTerabytes = 5.0,
        Source = "Ada architecture white paper, appendix A",
    };

    /// <summary>Compute capability 9.0.</summary>
    public static DeviceModel H100 { get; } = new()
    {
        Name = "H100",
        Architecture = 90,
        Multiprocessors = 132,
        ThreadsPerMultiprocessor = 2048,
        BlocksPerMultiprocessor = 32,
        SharedPerMultiprocessor = 228 * 1024,
        SharedPerBlockOptIn = 227 * 1024,
        ReservedShared = 1024,
        MemoryBytes = 80L << 30,
        CacheBytes = 50 << 20,
        ClockGHz = 1.83,
        TensorTeraflops = 989,
        MemoryTerabytes = 3.35,
        CacheTerabytes = 5.5,
        MatrixShare = 2.0 / 3,
        Source = "NVIDIA H100 (SXM5) data sheet; H100 architecture white paper, table 3",
    };

    /// <summary>Compute capability 9.0.</summary>
    public static DeviceModel H200 { get; } = H100 with
    {
        Name = "H200",
        MemoryBytes = 141L << 30,
        MemoryTerabytes = 4.8,
        Source = "NVIDIA H200 (SXM) data sheet; the rest as H100",
    };

    /// <summary>Compute capability 12.0.</summary>
    public static DeviceModel Rtx5090 { get; } = new()
    {
        Name = "RTX 5090",
        Architecture = 120,
        Multiprocessors = 170,
        ThreadsPerMultiprocessor = 1536,
        BlocksPerMultiprocessor = 24,
        SharedPerMultiprocessor = 100 * 1024,
        SharedPerBlockOptIn = 99 * 1024,
        ReservedShared = 1024,
        MemoryBytes = 32L << 30,
        CacheBytes = 96 << 20,
        ClockGHz = 2.41,
        TensorTeraflops = 209,
        MemoryTerabytes = 1.79,
        CacheTerabytes = 6.0,
        Source = "RTX Blackwell architecture white paper, appendix A",
    };

    /// <summary>All models, by ascending compute capability; the first of each capability is its default.</summary>
    public static IReadOnlyList<DeviceModel> All { get; } = [T4, A100, Rtx3090, Rtx3060, Rtx4090, H100, H200, Rtx5090];

    /// <summary>The default model of a compute capability: 75, 80, 86, 89, 90 or 120.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static DeviceModel Of(int architecture) => All.FirstOrDefault(model => model.Architecture == architecture)
        ?? throw new ArgumentException(
            $"There is no device model of sm_{architecture}; available are "
                + $"{string.Join(", ", All.Select(model => "sm_" + model.Architecture).Distinct())}.", nameof(architecture));

    /// <summary>The model of a name, such as RTX 4090, rtx4090 or h100.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static DeviceModel Of(string name) => All.FirstOrDefault(model => model.IsNamed(name))
        ?? throw new ArgumentException($"There is no device model '{name}'; available are {string.Join(", ", All.Select(model => model.Name))}.", nameof(name));

    /// <summary>True if users may call the model so, as RTX 4090, rtx4090 or h100.</summary>
    internal bool IsNamed(string name) => Plain(Name) == Plain(name);

    private static string Plain(string name) => name.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}

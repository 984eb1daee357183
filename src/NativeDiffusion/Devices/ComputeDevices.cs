using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Devices;

/// <summary>
/// Finds and opens devices by the names that users write: <c>cpu</c>, the cards of a backend (<c>cuda:0</c>, <c>virtual:h100</c>), and <c>auto</c>.
/// Backends are handed over with each call; nothing is registered anywhere.
/// </summary>
public static class ComputeDevices
{
    private const string CpuName = "cpu";
    private const string AutoName = "auto";
    private const int MostThreads = 1024;

    /// <summary>Lists the devices of this machine: <c>cpu</c>, then the cards of each backend.</summary>
    /// <param name="backends">Where cards come from; the machine's own NVIDIA cards unless given.</param>
    /// <returns>One entry a device. Never throws: a backend without a driver has no cards.</returns>
    public static IReadOnlyList<DeviceListing> List(IReadOnlyList<ICudaBackend>? backends = null)
    {
        long hostMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        List<DeviceListing> devices = [new DeviceListing(CpuName, "this machine's processor", hostMemory, RunsNetworks: true)];
        foreach (ICudaBackend backend in backends ?? Standard())
            for (int card = 0; card < backend.CardCount; card++)
                if (CudaDeviceProperties.Find(backend.Driver, card) is { } properties)
                    devices.Add(new DeviceListing($"{backend.Name}:{card}", properties.Name, properties.TotalMemory, RunsNetworks: false));
        return devices;
    }

    /// <summary>Opens a device.</summary>
    /// <param name="name"><c>cpu</c>, <c>auto</c>, or a backend's name with a colon and a card.</param>
    /// <param name="backends">Where cards come from; the machine's own NVIDIA cards unless given.</param>
    /// <param name="threads">How many threads the cpu device uses, the caller's included; 0 for one a core.</param>
    /// <returns>The device; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The name is not known, or the number of threads has no meaning.</exception>
    /// <exception cref="DeviceException">The card does not exist, or does not run networks.</exception>
    public static IComputeDevice Open(string name, IReadOnlyList<ICudaBackend>? backends = null, int threads = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (threads is < 0 or > MostThreads)
            throw new ArgumentException($"Threads must be from 0 (one per core) to {MostThreads}, not {threads}.", nameof(threads));
        // The best device that runs networks; no card does yet.
        if (name is CpuName or AutoName) return new CpuDevice(threads);

        backends ??= Standard();
        string[] parts = name.Split(':', 2);
        ICudaBackend backend = backends.FirstOrDefault(known => known.Name == parts[0])
            ?? throw new ArgumentException(
                $"Device '{name}' is not known; available are {CpuName}, {AutoName} and {string.Join(", ", backends.Select(known => $"{known.Name}:N"))}.",
                nameof(name));
        int ordinal = backend.OrdinalOf(parts.Length > 1 ? parts[1] : null);
        if (ordinal >= backend.CardCount)
            throw new DeviceException(
                $"There is no device {name}: {backend.CardCount} of its kind were found. `ndiff doctor` says what is missing, and device cpu needs none.");
        throw new DeviceException($"Device {name} exists, but this version runs networks on the cpu alone: use device cpu.");
    }

    private static ICudaBackend[] Standard() => [new NativeCudaBackend()];
}

/// <summary>A device that can be opened.</summary>
/// <param name="Name">As <see cref="ComputeDevices.Open"/> takes it.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="TotalMemory">Bytes of its own memory.</param>
/// <param name="RunsNetworks">Whether this version runs networks on it.</param>
public sealed record DeviceListing(string Name, string Description, long TotalMemory, bool RunsNetworks);

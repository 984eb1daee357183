using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Devices;

/// <summary>
/// Finds and opens devices by the names that users write: <c>cpu</c>, the GPUs of a backend (<c>cuda:0</c>, <c>virtual:h100</c>), and <c>auto</c>.
/// Backends are passed with each call; there is no global registration.
/// </summary>
public static class ComputeDevices
{
    private const string CpuName = "cpu";
    private const string AutoName = "auto";
    private const int MostThreads = 1024;

    /// <summary>Lists the devices of this machine: <c>cpu</c>, then the GPUs of each backend.</summary>
    /// <param name="backends">The backends that provide GPUs; by default the machine's own NVIDIA GPUs.</param>
    /// <returns>One entry per device. Never throws: a backend without a driver has no GPUs.</returns>
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
    /// <param name="name"><c>cpu</c>, <c>auto</c>, or a backend's name, a colon and a GPU.</param>
    /// <param name="backends">The backends that provide GPUs; by default the machine's own NVIDIA GPUs.</param>
    /// <param name="threads">Number of threads of the cpu device, including the caller's; 0 for one per core.</param>
    /// <returns>The device; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The name is unknown, or the number of threads is out of range.</exception>
    /// <exception cref="DeviceException">The GPU does not exist, or does not run networks.</exception>
    public static IComputeDevice Open(string name, IReadOnlyList<ICudaBackend>? backends = null, int threads = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (threads is < 0 or > MostThreads)
            throw new ArgumentException($"Threads must be from 0 (one per core) to {MostThreads}, not {threads}.", nameof(threads));
        // The best device that runs networks; no GPU does yet.
        if (name is CpuName or AutoName) return new CpuDevice(threads);

        backends ??= Standard();
        string[] parts = name.Split(':', 2);
        ICudaBackend backend = backends.FirstOrDefault(known => known.Name == parts[0])
            ?? throw new ArgumentException(
                $"Device '{name}' is not known; available are {CpuName}, {AutoName} and {string.Join(", ", backends.Select(known => $"{known.Name}:N"))}.",
                nameof(name));
        int ordinal = backend.OrdinalOf(parts.Length > 1 ? parts[1] : null);
        if (ordinal >= backend.CardCount)
        {
            string found = backend.CardCount == 0 ? "none was found" : $"{backend.Name}:0 to {backend.Name}:{backend.CardCount - 1} were found";
            throw new DeviceException($"There is no device {name}: {found}. `ndiff doctor` shows what is missing; device cpu is always available.");
        }

        throw new DeviceException($"Device {name} exists, but this version runs networks on the cpu alone: use device cpu.");
    }

    private static ICudaBackend[] Standard() => [new NativeCudaBackend()];
}

/// <summary>A device that can be opened.</summary>
/// <param name="Name">The name for <see cref="ComputeDevices.Open"/>.</param>
/// <param name="Description">A readable description.</param>
/// <param name="TotalMemory">Bytes of its own memory.</param>
/// <param name="RunsNetworks">Whether this version runs networks on it.</param>
public sealed record DeviceListing(string Name, string Description, long TotalMemory, bool RunsNetworks);

using NativeDiffusion.Cpu.Device;

namespace NativeDiffusion.Devices;

/// <summary>Finds and opens devices by the names that users write.</summary>
public static class ComputeDevices
{
    /// <summary>Opens a device.</summary>
    /// <param name="name"><c>cpu</c>.</param>
    /// <param name="threads">How many threads the cpu device uses, the caller's included; 0 for one a core.</param>
    /// <returns>The device; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The name is not known, or the number of threads has no meaning.</exception>
    public static IComputeDevice Open(string name, int threads = 0)
    {
        if (name != "cpu") throw new ArgumentException($"Device '{name}' is not known; this version has cpu.", nameof(name));
        if (threads is < 0 or > 1024) throw new ArgumentException($"Threads must be from 0 (one a core) to 1024, not {threads}.", nameof(threads));
        return new CpuDevice(threads);
    }
}

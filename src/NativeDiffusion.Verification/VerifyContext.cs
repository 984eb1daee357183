using NativeDiffusion.Devices;

namespace NativeDiffusion.Verification;

/// <summary>What a golden case may use while it runs.</summary>
/// <param name="Folder">The folder of goldens.</param>
/// <param name="ModelsFolder">Where models are looked up by name, or null when none was found.</param>
/// <param name="Device">The device's name: <c>cpu</c>.</param>
/// <param name="Threads">How many threads the device may use; 0 for all.</param>
/// <param name="Cancellation">Ends the run.</param>
public sealed record VerifyContext(string Folder, string? ModelsFolder, string Device, int Threads, CancellationToken Cancellation)
{
    /// <summary>Opens the device; the case disposes of it.</summary>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    internal IComputeDevice OpenDevice() => ComputeDevices.Open(Device, threads: Threads);
}

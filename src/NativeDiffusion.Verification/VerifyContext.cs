using NativeDiffusion.Cuda;
using NativeDiffusion.Devices;

namespace NativeDiffusion.Verification;

/// <summary>The environment of a running golden case.</summary>
/// <param name="Folder">The folder of goldens.</param>
/// <param name="ModelsFolder">The folder in which models are looked up by name, or null if none was found.</param>
/// <param name="Device">The device's name: <c>cpu</c>.</param>
/// <param name="Threads">Number of threads of the device; 0 for all.</param>
/// <param name="Cancellation">Cancels the run.</param>
public sealed record VerifyContext(string Folder, string? ModelsFolder, string Device, int Threads, CancellationToken Cancellation)
{
    /// <summary>The backends that provide GPUs; by default the machine's own NVIDIA GPUs.</summary>
    public IReadOnlyList<ICudaBackend>? Backends { get; init; }

    /// <summary>Opens the device; the case disposes of it.</summary>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    internal IComputeDevice OpenDevice() => ComputeDevices.Open(Device, Backends, Threads);
}

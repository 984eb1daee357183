using NativeDiffusion.Cuda;
using NativeDiffusion.Devices;

namespace NativeDiffusion.Verification;

/// <summary>The goldens to verify and the device.</summary>
/// <param name="Folder">The folder of goldens.</param>
public sealed record VerifyOptions(string Folder)
{
    /// <summary>The folder in which models are looked up by name; null skips the cases that need one.</summary>
    public string? ModelsFolder { get; init; }

    /// <summary>The device, as <see cref="ComputeDevices.Open"/> takes it.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The backends that provide GPUs; by default the machine's own NVIDIA GPUs.</summary>
    public IReadOnlyList<ICudaBackend>? Backends { get; init; }

    /// <summary>Number of threads of the device; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary>A pattern of case names with <c>*</c> and <c>?</c>, or null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Whether cases run that take longer than <see cref="LongestSeconds"/>.</summary>
    public bool Full { get; init; }

    /// <summary>The largest estimated time of a case, on this machine, without <see cref="Full"/>.</summary>
    public double LongestSeconds { get; init; } = 300;
}

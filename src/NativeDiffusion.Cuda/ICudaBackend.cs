using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda;

/// <summary>
/// Where CUDA devices come from: NVIDIA's driver (<see cref="NativeCudaBackend"/>), or something that behaves like it. Whoever opens a device is
/// handed one or more of these and picks by <see cref="Name"/>. Thread-safe. Whoever makes a backend disposes of it, if it can be disposed of,
/// after everything that was opened through it.
/// </summary>
public interface ICudaBackend
{
    /// <summary>What users write before the colon of a device's name, in lower case: <c>cuda</c> of <c>cuda:1</c>.</summary>
    string Name { get; }

    /// <summary>Cards that can be opened now; 0 where there is no driver or it shows no card. Never throws.</summary>
    int CardCount { get; }

    /// <summary>The driver's functions: always the same object.</summary>
    /// <exception cref="DeviceException">There is no driver; the message says what to do.</exception>
    ICudaDriver Driver { get; }

    /// <summary>cuBLAS for this driver's memory, or null where there is none.</summary>
    ICublas? Cublas { get; }

    /// <summary>The compiler of kernels, or null where there is none: then only shipped PTX can be loaded.</summary>
    INvrtc? Nvrtc { get; }

    /// <summary>The number, as the driver counts, of the card that a device's name means.</summary>
    /// <param name="card">What users write after the colon, as <c>1</c> of <c>cuda:1</c>; null where they write none.</param>
    /// <exception cref="DeviceException">It names no card; the message says what can be written.</exception>
    int OrdinalOf(string? card);
}

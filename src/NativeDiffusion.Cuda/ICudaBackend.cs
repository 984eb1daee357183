using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda;

/// <summary>
/// A source of CUDA devices: NVIDIA's driver (<see cref="NativeCudaBackend"/>), or an implementation of the same interface. Code that opens devices
/// receives one or more backends and selects by <see cref="Name"/>. Thread-safe. The creator of a backend disposes of it, if it is disposable,
/// after all objects that were opened through it.
/// </summary>
public interface ICudaBackend
{
    /// <summary>The part of a device's name before the colon, in lower case: <c>cuda</c> of <c>cuda:1</c>.</summary>
    string Name { get; }

    /// <summary>Number of available GPUs; 0 without a driver or without a visible GPU. Never throws.</summary>
    int CardCount { get; }

    /// <summary>The driver's functions: always the same object.</summary>
    /// <exception cref="DeviceException">There is no driver; the message explains what to do.</exception>
    ICudaDriver Driver { get; }

    /// <summary>cuBLAS for this driver's memory, or null if it is not available.</summary>
    ICublas? Cublas { get; }

    /// <summary>The kernel compiler, or null if it is not available: then only shipped PTX can be loaded.</summary>
    INvrtc? Nvrtc { get; }

    /// <summary>The driver's ordinal of the GPU in a device's name.</summary>
    /// <param name="card">The part after the colon, such as <c>1</c> of <c>cuda:1</c>; null if there is none.</param>
    /// <exception cref="DeviceException">There is no such GPU; the message lists the valid names.</exception>
    int OrdinalOf(string? card);
}

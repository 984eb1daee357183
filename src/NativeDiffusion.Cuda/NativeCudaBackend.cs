using System.Globalization;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda;

/// <summary>
/// The machine's own GPUs, <c>cuda:0</c> and up: NVIDIA's driver, cuBLAS and NVRTC as found by the library search
/// (reported by <see cref="CudaLibraries.Report"/>). Libraries are loaded at their first use.
/// </summary>
public sealed class NativeCudaBackend : ICudaBackend
{
    private readonly Lazy<ICudaDriver> _driver = new(NativeCudaDriver.Load);
    private readonly Lazy<ICublas?> _cublas = new(NativeCublas.Load);
    private readonly Lazy<INvrtc?> _nvrtc = new(NativeNvrtc.Load);

    /// <inheritdoc/>
    public string Name => "cuda";

    /// <inheritdoc/>
    public int CardCount => LibraryLoader.Process.Driver.IsFound
        && Driver.cuInit(0) == CUresult.CUDA_SUCCESS && Driver.cuDeviceGetCount(out int count) == CUresult.CUDA_SUCCESS ? count : 0;

    /// <inheritdoc/>
    public ICudaDriver Driver => _driver.Value;

    /// <inheritdoc/>
    public ICublas? Cublas => _cublas.Value;

    /// <inheritdoc/>
    public INvrtc? Nvrtc => _nvrtc.Value;

    /// <inheritdoc/>
    public int OrdinalOf(string? card) => card is null ? 0
        : int.TryParse(card, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) ? ordinal
        : throw new DeviceException($"There is no device cuda:{card}: use a GPU's number, such as cuda:0; `nvidia-smi` lists them.");
}

using System.Globalization;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu;

/// <summary>
/// Virtual cards for an engine that takes its devices from an <see cref="ICudaBackend"/>: <c>virtual:h100</c> is the first H100 among them,
/// <c>virtual:1</c> the second card, and <c>virtual</c> the first one.
/// </summary>
public sealed class VirtualCudaBackend : ICudaBackend, IDisposable
{
    private readonly VirtualCudaDriver _driver;
    private readonly IReadOnlyList<DeviceModel> _cards;

    /// <summary>Creates the cards.</summary>
    /// <param name="options">What they stand in for, and how strict they are; null for one of each model, an A100 first.</param>
    /// <param name="nvrtc">A compiler of kernels, as that of <see cref="NativeCudaBackend"/>; null where shipped PTX is to be run, the same everywhere.</param>
    public VirtualCudaBackend(VirtualGpuOptions? options = null, INvrtc? nvrtc = null)
    {
        options ??= new VirtualGpuOptions { Devices = [DeviceModel.A100, .. DeviceModel.All.Where(model => model != DeviceModel.A100)] };
        _cards = options.Devices;
        _driver = new VirtualCudaDriver(options);
        Cublas = new VirtualCublas(_driver);
        Nvrtc = nvrtc;
    }

    /// <inheritdoc/>
    public string Name => "virtual";

    /// <inheritdoc/>
    public int CardCount => _cards.Count;

    /// <summary>The driver, with what it found and counted.</summary>
    public VirtualCudaDriver Driver => _driver;

    /// <summary>cuBLAS over the cards' memory.</summary>
    public ICublas Cublas { get; }

    /// <inheritdoc/>
    public INvrtc? Nvrtc { get; }

    ICudaDriver ICudaBackend.Driver => _driver;

    ICublas? ICudaBackend.Cublas => Cublas;

    /// <inheritdoc/>
    public int OrdinalOf(string? card)
    {
        if (card is null)
            return 0;
        if (int.TryParse(card, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) && ordinal < CardCount)
            return ordinal;
        int first = _cards.TakeWhile(model => !model.IsNamed(card)).Count();
        return first < CardCount ? first : throw new DeviceException(
            $"There is no device virtual:{card}: the virtual cards are {string.Join(", ", _cards.Select(model => model.Name))}; their numbers count from 0.");
    }

    /// <summary>Gives all memory of the cards back.</summary>
    public void Dispose() => _driver.Dispose();
}

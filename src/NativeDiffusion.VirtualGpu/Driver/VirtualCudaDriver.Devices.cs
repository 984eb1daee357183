using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Driver;

namespace NativeDiffusion.VirtualGpu;

/// <summary>The driver itself, and its devices.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    private readonly Dictionary<string, nint> _texts = [];

    /// <inheritdoc/>
    public CUresult cuInit(uint Flags)
    {
        lock (_gate)
        {
            if (Flags != 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (_devices.Length == 0) return CUresult.CUDA_ERROR_NO_DEVICE;
            _isInitialized = true;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuDriverGetVersion(out int driverVersion)
    {
        driverVersion = _options.DriverVersion;
        return CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuGetErrorName(CUresult error, out byte* pStr)
    {
        string? name = Enum.GetName(error);
        pStr = name is null ? null : Text(name);
        return name is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuGetErrorString(CUresult error, out byte* pStr)
    {
        string? name = Enum.GetName(error);
        pStr = name is null ? null : Text(name.Replace("CUDA_ERROR_", "", StringComparison.Ordinal).Replace('_', ' ').ToLowerInvariant() + " (virtual GPU)");
        return name is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetCount(out int count)
    {
        count = _devices.Length;
        return Initialized;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGet(out CUdevice device, int ordinal)
    {
        device = new CUdevice(ordinal);
        return Device(device, out _);
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetByPCIBusId(out CUdevice dev, string pciBusId)
    {
        dev = default;
        if (Initialized != CUresult.CUDA_SUCCESS) return Initialized;
        int ordinal = Array.FindIndex(_devices, device => BusId(device.Ordinal).Equals(pciBusId, StringComparison.OrdinalIgnoreCase));
        dev = new CUdevice(ordinal);
        return ordinal < 0 ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetName(byte* name, int len, CUdevice dev)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        return result != CUresult.CUDA_SUCCESS ? result : Copy($"Virtual {device.Model.Name}", name, len);
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetAttribute(out int pi, CUdevice_attribute attrib, CUdevice dev)
    {
        pi = 0;
        CUresult result = Device(dev, out VirtualDevice device);
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (DeviceAttributes.Find(device, attrib) is not { } value) return CUresult.CUDA_ERROR_INVALID_VALUE;
        pi = value;
        return CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceTotalMem(out nuint bytes, CUdevice dev)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        bytes = result == CUresult.CUDA_SUCCESS ? (nuint)device.Model.MemoryBytes : 0;
        return result;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetUuid(out CUuuid uuid, CUdevice dev)
    {
        uuid = default;
        CUresult result = Device(dev, out VirtualDevice device);
        if (result != CUresult.CUDA_SUCCESS) return result;
        fixed (CUuuid* bytes = &uuid)
        {
            var span = new Span<byte>(bytes, sizeof(CUuuid));
            span.Fill((byte)device.Model.Architecture);
            span[0] = (byte)device.Ordinal;
        }
        return result;
    }

    /// <inheritdoc/>
    public CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, CUdevice dev)
    {
        CUresult result = Device(dev, out VirtualDevice device);
        return result != CUresult.CUDA_SUCCESS ? result : Copy(BusId(device.Ordinal), pciBusId, len);
    }

    /// <inheritdoc/>
    public CUresult cuDeviceCanAccessPeer(out int canAccessPeer, CUdevice dev, CUdevice peerDev)
    {
        canAccessPeer = dev != peerDev ? 1 : 0;
        CUresult result = Device(dev, out _);
        return result != CUresult.CUDA_SUCCESS ? result : Device(peerDev, out _);
    }

    private CUresult Initialized => _isInitialized ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_NOT_INITIALIZED;

    private static string BusId(int ordinal) => $"0000:{ordinal + 1:X2}:00.0";

    private CUresult Device(CUdevice handle, out VirtualDevice device)
    {
        device = null!;
        if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
        if (handle.Value < 0 || handle.Value >= _devices.Length) return CUresult.CUDA_ERROR_INVALID_DEVICE;
        device = _devices[handle.Value];
        return CUresult.CUDA_SUCCESS;
    }

    private static CUresult Copy(string text, byte* buffer, int length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        if (buffer is null || length < 1) return CUresult.CUDA_ERROR_INVALID_VALUE;
        int count = Math.Min(bytes.Length, length);
        bytes.AsSpan(0, count).CopyTo(new Span<byte>(buffer, count));
        buffer[count - 1] = 0;
        return CUresult.CUDA_SUCCESS;
    }

    /// <summary>A string in native memory that lives as long as the driver.</summary>
    private byte* Text(string text)
    {
        lock (_gate)
        {
            if (!_texts.TryGetValue(text, out nint pointer)) _texts.Add(text, pointer = Marshal.StringToCoTaskMemUTF8(text));
            return (byte*)pointer;
        }
    }
}

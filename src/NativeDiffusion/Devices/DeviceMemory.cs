namespace NativeDiffusion.Devices;

/// <summary>A device's own memory: host memory for the CPU, device memory for a GPU.</summary>
/// <param name="Total">Total bytes.</param>
/// <param name="Free">Free bytes, as last queried.</param>
/// <param name="Weights">Bytes of weights that the device holds.</param>
/// <param name="Values">Bytes of values that it holds: its arena, and the compiled plans' own memory.</param>
public readonly record struct DeviceMemory(long Total, long Free, long Weights, long Values)
{
    /// <summary>Bytes that the device holds.</summary>
    public long Held => Weights + Values;
}

namespace NativeDiffusion.Devices;

/// <summary>A device's own memory: the host's for the CPU, a card's for a card.</summary>
/// <param name="Total">Bytes that there are.</param>
/// <param name="Free">Bytes that can still be taken, as last seen.</param>
/// <param name="Weights">Bytes of weights that the device holds.</param>
/// <param name="Values">Bytes of values that it holds: its arena, and what compiled plans keep.</param>
public readonly record struct DeviceMemory(long Total, long Free, long Weights, long Values)
{
    /// <summary>Bytes that the device holds.</summary>
    public long Held => Weights + Values;
}

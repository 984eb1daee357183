using System.Globalization;

namespace NativeDiffusion.Devices;

/// <summary>Device memory that an operation needs in addition to what the device already holds.</summary>
/// <param name="Weights">Bytes of weights that are not packed yet.</param>
/// <param name="Arena">Bytes by which the device's arena must grow.</param>
/// <param name="Kept">Bytes of the plan's own memory: inputs, outputs, results of its prologue.</param>
public sealed record MemoryNeed(long Weights, long Arena, long Kept)
{
    /// <summary>The sum.</summary>
    public long Total => Weights + Arena + Kept;

    /// <summary>Bytes of values.</summary>
    public long Values => Arena + Kept;

    /// <summary>The memory of two plans of one device that share its arena.</summary>
    /// <param name="other">The other plan's memory; its weights are different ones.</param>
    public MemoryNeed With(MemoryNeed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new MemoryNeed(Weights + other.Weights, Math.Max(Arena, other.Arena), Kept + other.Kept);
    }

    /// <summary>Checks that the memory is free.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="free">Bytes that are free there.</param>
    /// <exception cref="InsufficientMemoryException">More is needed than is free.</exception>
    internal void Require(string device, long free)
    {
        if (Total > free)
            throw new InsufficientMemoryException(string.Create(
                CultureInfo.InvariantCulture,
                $"This needs about {Total / 1e9:0.0} GB ({Weights / 1e9:0.0} of weights, {Values / 1e9:0.0} of values), but {free / 1e9:0.0} GB are free on "
                    + $"{device}. A smaller picture, a smaller batch or VAE tiling needs less."));
    }
}

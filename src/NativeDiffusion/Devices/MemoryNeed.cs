using System.Globalization;
using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>What a plan needs in memory before it can run.</summary>
/// <param name="Weights">Bytes of weights that are not laid out yet.</param>
/// <param name="Arena">Bytes of values.</param>
public sealed record MemoryNeed(long Weights, long Arena)
{
    /// <summary>Both together.</summary>
    public long Total => Weights + Arena;

    /// <summary>Bytes that the process can still take, as the runtime last saw it.</summary>
    public static long Free
    {
        get
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        }
    }

    internal static MemoryNeed For(Plan plan, long weights) => new(weights, plan.ArenaLength * sizeof(float));

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="InsufficientMemoryException">More is needed than is free.</exception>
    internal void Require()
    {
        long free = Free;
        if (Total > free)
            throw new InsufficientMemoryException(string.Create(
                CultureInfo.InvariantCulture,
                $"This needs about {Total / 1e9:0.0} GB ({Weights / 1e9:0.0} of weights, {Arena / 1e9:0.0} of values), but {free / 1e9:0.0} GB are free. A "
                    + $"smaller picture, a smaller batch or VAE tiling needs less."));
    }
}

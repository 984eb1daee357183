namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Registers spilled to local memory, as marked by the assembler.</summary>
/// <param name="Stores">Spill stores.</param>
/// <param name="Loads">Spill loads (reloads).</param>
/// <param name="StoreBytes">Bytes per thread of the stores, each counted once.</param>
/// <param name="LoadBytes">Bytes per thread of the loads, each counted once.</param>
public sealed record SpillCount(int Stores, int Loads, int StoreBytes, int LoadBytes)
{
    /// <summary>Nothing spilled.</summary>
    public static SpillCount None { get; } = new(0, 0, 0, 0);

    /// <summary>Spill stores and loads.</summary>
    public int Total => Stores + Loads;
}

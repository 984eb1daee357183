namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Registers that did not fit and went through local memory, as the assembler marked them.</summary>
/// <param name="Stores">Instructions that store one.</param>
/// <param name="Loads">Instructions that bring one back.</param>
/// <param name="StoreBytes">Bytes that the stores write, a thread, each counted once.</param>
/// <param name="LoadBytes">Bytes that the loads read, a thread, each counted once.</param>
public sealed record SpillCount(int Stores, int Loads, int StoreBytes, int LoadBytes)
{
    /// <summary>Nothing spilled.</summary>
    public static SpillCount None { get; } = new(0, 0, 0, 0);

    /// <summary>Instructions that move a spilled register.</summary>
    public int Total => Stores + Loads;
}

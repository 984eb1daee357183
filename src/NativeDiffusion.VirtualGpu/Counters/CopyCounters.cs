namespace NativeDiffusion.VirtualGpu.Counters;

/// <summary>Bytes that copies and fills moved.</summary>
/// <param name="Uploaded">From the host to devices.</param>
/// <param name="Downloaded">From devices to the host.</param>
/// <param name="OnDevice">Within and between devices.</param>
/// <param name="Filled">Bytes filled.</param>
public readonly record struct CopyCounters(long Uploaded, long Downloaded, long OnDevice, long Filled);

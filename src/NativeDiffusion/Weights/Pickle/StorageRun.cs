namespace NativeDiffusion.Weights.Pickle;

/// <summary>Where a storage's bytes lie in the file.</summary>
/// <param name="Offset">The first byte in the file.</param>
/// <param name="StoredLength">Its length there, in bytes.</param>
/// <param name="Length">Its length when unpacked, in bytes.</param>
/// <param name="Deflated">Whether it has to be unpacked.</param>
internal sealed record StorageRun(long Offset, long StoredLength, long Length, bool Deflated);

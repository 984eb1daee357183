namespace NativeDiffusion.Weights.Pickle;

/// <summary>The location of a storage's bytes in the file.</summary>
/// <param name="Offset">The first byte in the file.</param>
/// <param name="StoredLength">Its length there, in bytes.</param>
/// <param name="Length">Its length when unpacked, in bytes.</param>
/// <param name="Deflated">Whether it is compressed.</param>
internal sealed record StorageRun(long Offset, long StoredLength, long Length, bool Deflated);

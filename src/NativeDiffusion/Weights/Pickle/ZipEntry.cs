namespace NativeDiffusion.Weights.Pickle;

/// <summary>A file inside a zip archive.</summary>
/// <param name="Name">Its path there.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="StoredLength">Its length in the archive, in bytes.</param>
/// <param name="Length">Its length when unpacked, in bytes.</param>
/// <param name="HeaderOffset">Where its local header begins.</param>
/// <param name="Encrypted">Whether it needs a password.</param>
internal sealed record ZipEntry(string Name, int Method, long StoredLength, long Length, long HeaderOffset, bool Encrypted);

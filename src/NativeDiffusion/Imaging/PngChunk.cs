namespace NativeDiffusion.Imaging;

/// <summary>One chunk of a PNG, its checksum verified.</summary>
/// <param name="Type">Four letters: <c>IHDR</c>.</param>
/// <param name="Data">The content, part of the file's bytes.</param>
internal readonly record struct PngChunk(string Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether a reader that does not support the chunk must reject the file.</summary>
    public bool IsCritical => char.IsAsciiLetterUpper(Type[0]);
}

using System.IO.MemoryMappedFiles;

namespace NativeDiffusion.Weights;

/// <summary>
/// A read-only file whose pieces are memory-mapped while they are read and unmapped right after, so that the pages of a checkpoint never
/// stay in the process beside the weights packed from them. Reading is thread-safe.
/// </summary>
internal sealed class MappedFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile? _map;

    private MappedFile(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
        Length = stream.Length;

        // An empty file cannot be mapped.
        _map = Length == 0 ? null : MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    /// <summary>The path as passed.</summary>
    public string Path { get; }

    /// <summary>The length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file does not exist or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.RandomAccess);
            return new MappedFile(path, stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            stream?.Dispose();
            string why = exception is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist" : exception.Message;
            throw new CheckpointException($"{path}: cannot be opened: {why}", path, null, exception);
        }
    }

    /// <summary>A piece as a stream; dispose it to unmap.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length in bytes, within the file, above 0.</param>
    /// <exception cref="CheckpointException">The file was truncated since it was opened, or cannot be mapped.</exception>
    public Stream Stream(long offset, long length)
    {
        CheckLength(offset, length);
        return _map!.CreateViewStream(offset, length, MemoryMappedFileAccess.Read);
    }

    /// <summary>Maps a piece; dispose it to unmap.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length in bytes, within the file.</param>
    /// <exception cref="CheckpointException">The file was truncated since it was opened, or cannot be mapped.</exception>
    public MappedView View(long offset, int length)
    {
        if (length == 0) return new MappedView(null, 0);
        CheckLength(offset, length);
        try
        {
            return new MappedView(_map!.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{Path}: bytes {offset} to {offset + length} cannot be mapped: {exception.Message}", Path, null, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _map?.Dispose();
        _stream.Dispose();
    }

    // Reading a mapped page past the file's end would kill the process, so a file truncated after opening is detected here.
    private void CheckLength(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(!_stream.CanRead, this);
        long now = RandomAccess.GetLength(_stream.SafeFileHandle);
        if (offset + length > now)
            throw new CheckpointException(
                $"{Path}: bytes {offset} to {offset + length} are needed, but the file has become shorter ({now} bytes, {Length} when it was opened).", Path);
    }
}

using System.IO.Compression;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>Opens files of torch.save: since 1.6 a zip archive with one entry per storage, before that consecutive pickles followed by the storages.</summary>
internal static class TorchArchive
{
    private const long MaximumPickle = 1 << 26;

    // The first pickle of the old form: torch.serialization's MAGIC_NUMBER, 10 bytes of an integer.
    private static ReadOnlySpan<byte> LegacyMagic => [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    /// <summary>Reads the pickle and finds the storages.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged, or contains more than data.</exception>
    public static (object? Root, Func<PickleStorage, StorageRun> Find) Open(MappedFile file)
    {
        int length = (int)Math.Min(file.Length, MaximumPickle);
        using MappedView view = file.View(0, length);
        return view.Span.StartsWith("PK"u8) ? OpenZip(file) : OpenLegacy(file, view.Span);
    }

    private static (object? Root, Func<PickleStorage, StorageRun> Find) OpenZip(MappedFile file)
    {
        Dictionary<string, ZipEntry> entries = ZipDirectory.Read(file);
        ZipEntry? pickle = entries.Values.FirstOrDefault(entry => entry.Name == "data.pkl" || entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new CheckpointException(
                $"{file.Path}: a PyTorch archive must hold data.pkl, but this zip archive has no such entry.", file.Path, "data.pkl");
        string prefix = pickle.Name[..^"data.pkl".Length];
        if (entries.TryGetValue(prefix + "byteorder", out ZipEntry? order) && !Unpack(file, order).AsSpan().StartsWith("little"u8))
            throw new CheckpointException($"{file.Path}: its numbers must be little-endian, but its entry byteorder says otherwise.", file.Path, "byteorder");
        object? root = new PickleReader(file.Path, Unpack(file, pickle)).Load();
        return (root, storage =>
        {
            if (!entries.TryGetValue($"{prefix}data/{storage.Key}", out ZipEntry? entry))
                throw new CheckpointException($"{file.Path}: storage '{storage.Key}' is missing from the archive.", file.Path, storage.Key);
            return new StorageRun(ZipDirectory.DataOffset(file, entry), entry.StoredLength, entry.Length, entry.Method != 0);
        }
        );
    }

    private static (object? Root, Func<PickleStorage, StorageRun> Find) OpenLegacy(MappedFile file, ReadOnlySpan<byte> data)
    {
        var reader = new PickleReader(file.Path, data);
        object? root = reader.Load();

        // A pickle that was not written by torch.save: plain data, no storages.
        if (root is not System.Numerics.BigInteger magic || !magic.ToByteArray().AsSpan().SequenceEqual(LegacyMagic))
            return (root, storage =>
                throw new CheckpointException($"{file.Path}: storage '{storage.Key}' is missing: the file is a bare pickle.", file.Path, storage.Key));
        if (reader.Load() is not 1001L) throw new CheckpointException($"{file.Path}: must have protocol version 1001 after PyTorch's magic number.", file.Path);
        if (reader.Load() is not PickleDictionary system || system["little_endian"] is not true)
            throw new CheckpointException($"{file.Path}: its numbers must be little-endian, but its system entry says otherwise.", file.Path, "little_endian");
        root = reader.Load();
        PickleStorage[] storages = [.. reader.Storages];
        if (reader.Load() is not List<object?> keys) throw new CheckpointException(
            $"{file.Path}: the list of storages is missing after the pickle.", file.Path);
        return (root, new LegacyStorages(file, reader.Position, keys, storages).Find);
    }

    private static byte[] Unpack(MappedFile file, ZipEntry entry)
    {
        if (entry.Length > MaximumPickle)
            throw new CheckpointException($"{file.Path}: '{entry.Name}' must have at most {MaximumPickle} bytes, found {entry.Length}.", file.Path, entry.Name);
        long offset = ZipDirectory.DataOffset(file, entry);
        byte[] bytes = new byte[entry.Length];
        Unpack(
            file, new StorageRun(offset, entry.StoredLength, entry.Length, entry.Method != 0), 0, (ReadOnlySpan<byte> piece, long at) =>
            piece.CopyTo(bytes.AsSpan((int)at)), bytes.Length, 1);
        return bytes;
    }

    /// <summary>Receives a piece of a run.</summary>
    /// <param name="piece">Its bytes.</param>
    /// <param name="at">Its start, in bytes from the first one requested.</param>
    public delegate void Piece(ReadOnlySpan<byte> piece, long at);

    /// <summary>Passes the bytes of a run in pieces.</summary>
    /// <param name="file">The file.</param>
    /// <param name="run">Their location.</param>
    /// <param name="first">The first byte.</param>
    /// <param name="take">Called once for each piece, in order.</param>
    /// <param name="count">The number of bytes.</param>
    /// <param name="unit">Pieces are multiples of this.</param>
    public static void Unpack(MappedFile file, StorageRun run, long first, Piece take, long count, int unit)
    {
        const int PieceBytes = 1 << 20;
        int most = PieceBytes / unit * unit;
        if (!run.Deflated)
        {
            for (long done = 0; done < count;)
            {
                using MappedView view = file.View(run.Offset + first + done, (int)Math.Min(most, count - done));
                take(view.Span, done);
                done += view.Span.Length;
            }

            return;
        }

        byte[] buffer = new byte[Math.Min(most, Math.Max(count, 1))];
        try
        {
            using Stream packed = file.Stream(run.Offset, run.StoredLength);
            using var unpacked = new DeflateStream(packed, CompressionMode.Decompress);
            for (long skip = first; skip > 0;)
            {
                int length = (int)Math.Min(buffer.Length, skip);
                unpacked.ReadExactly(buffer, 0, length);
                skip -= length;
            }

            for (long done = 0; done < count;)
            {
                int length = (int)Math.Min(most, count - done);
                unpacked.ReadExactly(buffer, 0, length);
                take(buffer.AsSpan(0, length), done);
                done += length;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointException($"{file.Path}: a deflated entry is damaged: {exception.Message}", file.Path, null, exception);
        }
    }
}

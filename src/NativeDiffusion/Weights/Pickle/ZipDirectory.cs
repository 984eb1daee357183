using System.Buffers.Binary;
using System.Text;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>
/// The central directory of a zip archive (APPNOTE 6.3.10, with zip64). System.IO.Compression does not expose the position of an entry's
/// bytes, and stored tensors are mapped in place.
/// </summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int EntryLength = 46;
    private const long MaximumLength = 1 << 28;

    // Deflate compresses at most 1032 to 1: an entry that claims more is damaged.
    private const long MaximumRatio = 1032;

    // PyTorch never deflates; an archive compressed by other tools stays below this, and reading from its end takes seconds at most.
    private const long MaximumDeflated = 1 << 30;

    /// <summary>Reads the directory.</summary>
    /// <param name="file">The archive.</param>
    /// <exception cref="CheckpointException">The archive is damaged.</exception>
    public static Dictionary<string, ZipEntry> Read(MappedFile file)
    {
        (long count, long length, long offset) = FindDirectory(file);
        if (offset < 0 || length < 0 || length > MaximumLength || offset > file.Length - length || count > length / EntryLength)
            throw Damaged(file, $"its directory claims {count} entries in {length} bytes at {offset} of {file.Length}");
        using MappedView view = file.View(offset, (int)length);
        ReadOnlySpan<byte> rest = view.Span;
        var entries = new Dictionary<string, ZipEntry>((int)count, StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ReadEntry(file, ref rest);
            if (!entries.TryAdd(entry.Name, entry)) throw Damaged(file, $"it holds '{entry.Name}' twice");
        }

        return entries;
    }

    /// <summary>Finds the start of an entry's bytes.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="CheckpointException">The archive is damaged, or the entry's compression is not supported.</exception>
    public static long DataOffset(MappedFile file, ZipEntry entry)
    {
        if (entry.Encrypted || entry.Method is not (0 or 8))
            throw Damaged(file, $"'{entry.Name}' must be stored or deflated, found {(entry.Encrypted ? "an encrypted entry" : $"method {entry.Method}")}");
        if (entry.Method != 0 && entry.Length > MaximumDeflated)
            throw Damaged(file, $"the deflated entry '{entry.Name}' must have at most {MaximumDeflated} bytes, found {entry.Length}");
        if (entry.Method == 0 ? entry.Length != entry.StoredLength : entry.Length / MaximumRatio > entry.StoredLength)
            throw Damaged(file, $"'{entry.Name}' claims {entry.Length} bytes out of {entry.StoredLength}");
        if (entry.HeaderOffset < 0 || entry.HeaderOffset > file.Length - 30) throw Damaged(
            file, $"'{entry.Name}' begins at {entry.HeaderOffset} of {file.Length}");
        using MappedView header = file.View(entry.HeaderOffset, 30);
        if (!header.Span.StartsWith("PK\x03\x04"u8)) throw Damaged(file, $"'{entry.Name}' has no header at {entry.HeaderOffset}");
        long offset = entry.HeaderOffset + 30 + UInt16(header.Span, 26) + UInt16(header.Span, 28);
        return offset <= file.Length - entry.StoredLength ? offset
            : throw Damaged(file, $"'{entry.Name}' needs {entry.StoredLength} bytes at {offset} of {file.Length}; the file is truncated");
    }

    private static (long Count, long Length, long Offset) FindDirectory(MappedFile file)
    {
        int tailLength = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        using MappedView view = file.View(file.Length - tailLength, tailLength);
        ReadOnlySpan<byte> tail = view.Span;
        for (int at = tailLength - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail[at..];
            if (!end.StartsWith("PK\x05\x06"u8) || UInt16(end, 20) != end.Length - EndLength) continue;
            (long count, long length, long offset) = (UInt16(end, 10), UInt32(end, 12), UInt32(end, 16));
            if (count != ushort.MaxValue && length != uint.MaxValue && offset != uint.MaxValue) return (count, length, offset);

            // One of the fields is saturated: the zip64 record has it, found through a locator before this one.
            if (at < 20 || !tail[(at - 20)..].StartsWith("PK\x06\x07"u8)) return (count, length, offset);
            long wideOffset = Int64(tail[(at - 20)..], 8);
            if (wideOffset < 0 || wideOffset > file.Length - 56) throw Damaged(file, "its zip64 record lies outside");
            using MappedView wide = file.View(wideOffset, 56);
            if (!wide.Span.StartsWith("PK\x06\x06"u8)) throw Damaged(file, "its zip64 record is missing");
            return (Int64(wide.Span, 32), Int64(wide.Span, 40), Int64(wide.Span, 48));
        }

        throw Damaged(file, "it has no directory at its end; the file is truncated");
    }

    private static ZipEntry ReadEntry(MappedFile file, ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < EntryLength || !rest.StartsWith("PK\x01\x02"u8)) throw Damaged(file, "its directory is cut");
        int nameLength = UInt16(rest, 28);
        int extraLength = UInt16(rest, 30);
        int total = EntryLength + nameLength + extraLength + UInt16(rest, 32);
        if (total > rest.Length) throw Damaged(file, "its directory is cut");
        string name = Encoding.UTF8.GetString(rest.Slice(EntryLength, nameLength));
        (long stored, long length, long offset) = (UInt32(rest, 20), UInt32(rest, 24), UInt32(rest, 42));
        ReadOnlySpan<byte> extra = rest.Slice(EntryLength + nameLength, extraLength);
        while (extra.Length >= 4)
        {
            int size = UInt16(extra, 2);
            if (size > extra.Length - 4) break;
            if (UInt16(extra, 0) == 1)
            {
                // Only the fields that are saturated in the narrow record are here, in this order.
                ReadOnlySpan<byte> wide = extra.Slice(4, size);
                length = Widen(length, ref wide);
                stored = Widen(stored, ref wide);
                offset = Widen(offset, ref wide);
            }

            extra = extra[(4 + size)..];
        }

        var entry = new ZipEntry(name, UInt16(rest, 10), stored, length, offset, (UInt16(rest, 8) & 1) != 0);
        if (stored < 0 || length < 0) throw Damaged(file, $"'{name}' has a negative length");
        rest = rest[total..];
        return entry;
    }

    private static long Widen(long narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue || wide.Length < 8) return narrow;
        long value = Int64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static long UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);

    private static CheckpointException Damaged(MappedFile file, string what) => new($"{file.Path}: the zip archive is damaged: {what}.", file.Path);
}

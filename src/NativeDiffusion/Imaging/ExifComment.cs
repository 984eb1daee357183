using System.Buffers.Binary;
using System.Text;

namespace NativeDiffusion.Imaging;

/// <summary>
/// The EXIF block with the generation parameters in JPEG and WebP: a TIFF structure whose UserComment is <c>UNICODE\0</c> and UTF-16 in
/// big-endian order, as piexif writes it for A1111.
/// </summary>
internal static class ExifComment
{
    private const ushort ExifDirectory = 0x8769, UserComment = 0x9286;

    private static ReadOnlySpan<byte> Unicode => "UNICODE\0"u8;

    /// <summary>Builds the TIFF structure.</summary>
    public static byte[] Build(string text)
    {
        byte[] comment = [.. Unicode, .. Encoding.BigEndianUnicode.GetBytes(text)];
        const int header = 8, directory = 2 + 12 + 4;
        byte[] tiff = new byte[header + 2 * directory + comment.Length];
        Span<byte> s = tiff;
        "MM\0*"u8.CopyTo(s);
        BinaryPrimitives.WriteUInt32BigEndian(s[4..], header);
        WriteDirectory(s[header..], ExifDirectory, type: 4, count: 1, header + directory);
        WriteDirectory(s[(header + directory)..], UserComment, type: 7, count: comment.Length, header + 2 * directory);
        comment.CopyTo(s[(header + 2 * directory)..]);
        return tiff;
    }

    /// <summary>Finds the comment in a TIFF structure, with or without a leading <c>Exif\0\0</c>; null if there is none or it is damaged.</summary>
    public static string? Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.StartsWith("Exif\0\0"u8)) tiff = tiff[6..];
        if (tiff.Length < 8) return null;
        bool big = tiff.StartsWith("MM"u8);
        if (!big && !tiff.StartsWith("II"u8)) return null;
        if (Find(tiff, UInt32(tiff[4..], big), ExifDirectory, big) is not { } pointer) return null;
        if (Find(tiff, UInt32(tiff[(pointer + 8)..], big), UserComment, big) is not { } entry) return null;
        uint count = UInt32(tiff[(entry + 4)..], big);
        long start = count <= 4 ? entry + 8 : UInt32(tiff[(entry + 8)..], big);
        return start + count > tiff.Length ? null : Decode(tiff.Slice((int)start, (int)count), big);
    }

    private static void WriteDirectory(Span<byte> at, ushort tag, ushort type, int count, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, 1);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], tag);
        BinaryPrimitives.WriteUInt16BigEndian(at[4..], type);
        BinaryPrimitives.WriteInt32BigEndian(at[6..], count);
        BinaryPrimitives.WriteInt32BigEndian(at[10..], value); // the next directory's offset, 0, follows
    }

    // The position of a directory entry: tag, type, count, value.
    private static int? Find(ReadOnlySpan<byte> tiff, uint directory, ushort tag, bool big)
    {
        if (directory > tiff.Length - 2) return null;
        int entries = UInt16(tiff[(int)directory..], big);
        for (int i = 0; i < entries; i++)
        {
            long place = directory + 2 + 12L * i;
            if (place + 12 > tiff.Length) return null;
            if (UInt16(tiff[(int)place..], big) == tag) return (int)place;
        }

        return null;
    }

    private static string? Decode(ReadOnlySpan<byte> comment, bool big)
    {
        if (comment.Length < 8) return null;
        ReadOnlySpan<byte> text = comment[8..];
        if (comment.StartsWith(Unicode)) return (IsBigEndian(text, big) ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(text).TrimEnd('\0');
        if (comment.StartsWith("ASCII\0\0\0"u8) || comment[..8].IndexOfAnyExcept((byte)0) < 0) return Encoding.UTF8.GetString(text).TrimEnd('\0');
        return null;
    }

    // Writers disagree whether the text follows the structure's byte order; the zero bytes of ASCII letters decide in nearly all texts.
    private static bool IsBigEndian(ReadOnlySpan<byte> text, bool structure)
    {
        int first = 0, second = 0;
        for (int i = 0; i + 1 < text.Length; i += 2)
        {
            if (text[i] == 0) first++;
            if (text[i + 1] == 0) second++;
        }

        return first == second ? structure : first > second;
    }

    private static ushort UInt16(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static uint UInt32(ReadOnlySpan<byte> at, bool big) => big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}

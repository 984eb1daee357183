namespace NativeDiffusion.Text;

/// <summary>
/// The properties of the Unicode Character Database (16.0) that tokens depend on. They travel with the library, because what
/// the runtime knows depends on its version, on ICU and on invariant globalisation (which leaves text unnormalised).
/// The table is made by <c>scripts/unicode-tables.cs</c>.
/// </summary>
internal sealed class UnicodeTables
{
    private readonly int[] _letters;
    private readonly int[] _numbers;
    private readonly Dictionary<int, int> _lower;
    private readonly Dictionary<int, (int First, int Second)> _decompositions = [];
    private readonly Dictionary<long, int> _compositions = [];
    private readonly Dictionary<int, byte> _combiningClasses;

    private UnicodeTables(ReadOnlySpan<byte> data)
    {
        Version = Read(ref data);
        _letters = ReadRanges(ref data);
        _numbers = ReadRanges(ref data);
        _lower = ReadLower(ref data);
        int code = 0;
        for (int left = Read(ref data); left > 0; left--)
        {
            code += Read(ref data);
            (int First, int Second) parts = (Read(ref data), Read(ref data));
            _decompositions.Add(code, parts);
            if (Read(ref data) == 0)
                _compositions.Add(Pair(parts.First, parts.Second), code);
        }
        _combiningClasses = ReadClasses(ref data);
    }

    /// <summary>The one table of this assembly, read at first use.</summary>
    public static UnicodeTables Instance => Holder.s_instance;

    /// <summary>The major version of Unicode.</summary>
    public int Version { get; }

    /// <summary>Whether a code point has the property White_Space.</summary>
    public static bool IsWhiteSpace(int code) => code switch
    {
        <= 0x20 => code is 0x20 or (>= 0x09 and <= 0x0D),
        0x85 or 0xA0 or 0x1680 or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 => true,
        _ => code is >= 0x2000 and <= 0x200A,
    };

    /// <summary>Whether a code point is of a category L*.</summary>
    public bool IsLetter(int code) => code < 0x80 ? (uint)((code | 0x20) - 'a') < 26 : InRanges(_letters, code);

    /// <summary>Whether a code point is of a category N*.</summary>
    public bool IsNumber(int code) => code < 0x80 ? (uint)(code - '0') < 10 : InRanges(_numbers, code);

    /// <summary>The simple lower case of a code point. U+0130's full lower case has a second code point, U+0307, left to the caller.</summary>
    public int ToLower(int code) => code < 0x80
        ? ((uint)(code - 'A') < 26 ? code | 0x20 : code)
        : _lower.TryGetValue(code, out int lower) ? lower : code;

    /// <summary>The canonical decomposition of one step; <paramref name="second"/> is 0 for a singleton.</summary>
    public bool TryDecompose(int code, out int first, out int second)
    {
        bool found = _decompositions.TryGetValue(code, out (int First, int Second) parts);
        (first, second) = parts;
        return found;
    }

    /// <summary>The primary composite of two code points, Hangul aside.</summary>
    public bool TryCompose(int first, int second, out int composite) => _compositions.TryGetValue(Pair(first, second), out composite);

    /// <summary>The canonical combining class; 0 for starters.</summary>
    public byte CombiningClass(int code) => code < 0x300 ? (byte)0 : _combiningClasses.GetValueOrDefault(code);

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static bool InRanges(int[] ranges, int code)
    {
        int at = Array.BinarySearch(ranges, code);
        return at >= 0 || (~at & 1) == 1;
    }

    /// <summary>First and last of each range in a row, so that an odd place of insertion is inside a range.</summary>
    private static int[] ReadRanges(ref ReadOnlySpan<byte> data)
    {
        var ranges = new int[Read(ref data) * 2];
        int end = 0;
        for (int i = 0; i < ranges.Length; i += 2)
        {
            ranges[i] = end + Read(ref data);
            end = ranges[i + 1] = ranges[i] + Read(ref data);
        }
        return ranges;
    }

    private static Dictionary<int, int> ReadLower(ref ReadOnlySpan<byte> data)
    {
        var lower = new Dictionary<int, int>();
        int code = 0;
        for (int left = Read(ref data); left > 0; left--)
        {
            code += Read(ref data);
            int count = Read(ref data) + 1;
            int stride = Read(ref data);
            int zigzag = Read(ref data);
            int distance = (zigzag >> 1) ^ -(zigzag & 1);
            for (int i = 0; i < count; i++)
                lower.Add(code + (i * stride), code + (i * stride) + distance);
        }
        return lower;
    }

    private static Dictionary<int, byte> ReadClasses(ref ReadOnlySpan<byte> data)
    {
        var classes = new Dictionary<int, byte>();
        int code = 0;
        for (int left = Read(ref data); left > 0; left--)
        {
            code += Read(ref data);
            int last = code + Read(ref data);
            byte value = (byte)Read(ref data);
            for (; code <= last; code++)
                classes.Add(code, value);
            code = last;
        }
        return classes;
    }

    private static int Read(ref ReadOnlySpan<byte> data)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = data[0];
            data = data[1..];
            value |= (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    private static class Holder
    {
        internal static readonly UnicodeTables s_instance = new(TextResources.Read("unicode.tables"));
    }
}

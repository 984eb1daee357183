using System.Buffers.Binary;
using System.Text;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// The sections and symbols of a 64-bit little-endian ELF file (System V ABI, chapter 4), which is what a cubin is. Every offset is checked
/// before it is followed: the file may come from anywhere.
/// </summary>
internal sealed class ElfImage
{
    /// <summary>The machine number of NVIDIA's GPUs.</summary>
    public const int CudaMachine = 190;

    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;

    private readonly string _name;
    private readonly byte[] _bytes;

    private ElfImage(byte[] bytes, string name)
    {
        (_bytes, _name) = (bytes, name);
        if (bytes.Length < HeaderBytes || !bytes.AsSpan(0, 4).SequenceEqual("\x7f"u8 + "ELF"u8))
            throw new CubinException(name, "this is not a cubin: it does not start as an ELF file does.");
        if (bytes[4] != 2 || bytes[5] != 1)
            throw new CubinException(name, "expected a 64-bit little-endian ELF file, found another class or byte order.");
        Abi = bytes[7];
        AbiVersion = bytes[8];
        Machine = U16(18);
        Flags = U32(48);
        Sections = ReadSections();
        Symbols = ReadSymbols();
    }

    /// <summary>The operating system field: 51 in old cubins, 65 in those of CUDA 13.</summary>
    public byte Abi { get; }

    /// <summary>7 in cubins of CUDA 12, 8 in those of CUDA 13.</summary>
    public byte AbiVersion { get; }

    /// <summary>The machine that the code is for.</summary>
    public int Machine { get; }

    /// <summary>The header's flags, which hold the architecture.</summary>
    public uint Flags { get; }

    /// <summary>All sections; the first is empty.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>All symbols; the first is empty.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>Reads the tables of an image.</summary>
    /// <exception cref="CubinException">It is not such a file, or a table extends past its end.</exception>
    public static ElfImage Read(byte[] bytes, string name) => new(bytes, name);

    /// <summary>
    /// The size of a cubin in memory, from its own tables; 0 if its header is not a cubin's. A driver receives an address alone, and like this method
    /// relies on
    /// the image being complete.
    /// </summary>
    public static unsafe int Length(byte* image)
    {
        const int Most = 64 << 20;
        var header = new ReadOnlySpan<byte>(image, HeaderBytes);
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]), end = 0;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        bool isCubin = header[4] == 2 && header[5] == 1 && BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) == CudaMachine
            && BinaryPrimitives.ReadUInt16LittleEndian(header[52..]) == HeaderBytes && BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) == SectionBytes
            && table is >= HeaderBytes and < Most;
        if (!isCubin) return 0;
        for (int i = 0; i < count; i++)
        {
            var section = new ReadOnlySpan<byte>(image + table + (i * SectionBytes), SectionBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) is ElfSection.NoBits or ElfSection.Unused) continue;
            end = Math.Max(end, BinaryPrimitives.ReadUInt64LittleEndian(section[24..]) + BinaryPrimitives.ReadUInt64LittleEndian(section[32..]));
        }
        end = Math.Max(end, table + (ulong)(count * SectionBytes));
        return end < Most ? (int)end : 0;
    }

    /// <summary>The section of a name, or null.</summary>
    public ElfSection? Find(string name) => Sections.FirstOrDefault(section => section.Name == name);

    /// <summary>The bytes of a section; none if it has a size only.</summary>
    public ReadOnlySpan<byte> Bytes(ElfSection section) =>
        section.Type is ElfSection.NoBits or ElfSection.Unused ? [] : _bytes.AsSpan(section.Offset, (int)section.Size);

    private ElfSection[] ReadSections()
    {
        ulong table = U64(40);
        int count = U16(60), names = U16(62);
        if (count == 0)
            throw new CubinException(_name, "the file has no sections.");
        if (U16(58) != SectionBytes || table > (ulong)_bytes.Length || (ulong)count * SectionBytes > (ulong)_bytes.Length - table || names >= count)
            throw new CubinException(
                _name, $"its table of {count} sections extends past the end of the file ({_bytes.Length} bytes): it is cut short or damaged.");
        var sections = new ElfSection[count];
        ElfSection strings = ReadSection((int)table + (names * SectionBytes), "section names");
        for (int i = 0; i < count; i++)
        {
            int at = (int)table + (i * SectionBytes);
            sections[i] = ReadSection(at, Text(strings, U32(at)));
        }
        return sections;
    }

    private ElfSection ReadSection(int at, string name)
    {
        uint type = U32(at + 4);
        ulong offset = U64(at + 24), size = U64(at + 32);
        bool fits = type is ElfSection.NoBits or ElfSection.Unused ? size <= int.MaxValue : offset <= (ulong)_bytes.Length
            && size <= (ulong)_bytes.Length - offset;
        if (!fits)
            throw new CubinException(_name, $"section '{name}' extends past the end of the file ({_bytes.Length} bytes): it is cut short or damaged.");
        return new ElfSection(
            name, type, U64(at + 8), type is ElfSection.NoBits or ElfSection.Unused ? 0
            : (int)offset, (long)size, (int)(U32(at + 40) & int.MaxValue), U32(at + 44));
    }

    private ElfSymbol[] ReadSymbols()
    {
        ElfSection? table = Sections.FirstOrDefault(section => section.Type == ElfSection.SymbolTable);
        if (table is null)
            return [];
        if (table.Link >= Sections.Count)
            throw new CubinException(_name, $"its symbol table refers to string section {table.Link} of {Sections.Count}.");
        ElfSection strings = Sections[table.Link];
        var symbols = new ElfSymbol[table.Size / SymbolBytes];
        for (int i = 0; i < symbols.Length; i++)
        {
            int at = table.Offset + (i * SymbolBytes);
            symbols[i] = new ElfSymbol(Text(strings, U32(at)), _bytes[at + 4], _bytes[at + 5], U16(at + 6), U64(at + 8), U64(at + 16));
        }
        return symbols;
    }

    private string Text(ElfSection strings, uint offset)
    {
        ReadOnlySpan<byte> bytes = Bytes(strings);
        if (offset >= (uint)bytes.Length)
            return "";
        bytes = bytes[(int)offset..];
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
}

using System.Buffers.Binary;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// The entries of a .nv.info section: a byte of form, a byte of kind, two bytes of value; form 4 is followed by as many bytes as the value
/// says. The layout is undocumented; it was inferred from nvdisasm's output.
/// </summary>
internal sealed class KernelAttributes
{
    private const int Sized = 4;

    private readonly List<(KernelAttribute Kind, int Value, ReadOnlyMemory<byte> Payload)> _entries = [];

    /// <summary>Reads a section's bytes.</summary>
    /// <exception cref="CubinException">An entry extends past the section's end.</exception>
    public KernelAttributes(ReadOnlySpan<byte> section, string name)
    {
        byte[] bytes = section.ToArray();
        int at = 0;
        while (at + 4 <= bytes.Length)
        {
            int value = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2)), size = bytes[at] == Sized ? value : 0;
            if (size > bytes.Length - at - 4)
                throw new CubinException(name, $"an entry of .nv.info at byte {at} says {size} bytes, there are {bytes.Length - at - 4}: the file is damaged.");
            _entries.Add(((KernelAttribute)bytes[at + 1], value, bytes.AsMemory(at + 4, size)));
            at += 4 + size;
        }
    }

    /// <summary>The short value of a kind, or null.</summary>
    public int? Value(KernelAttribute kind) => _entries.Where(entry => entry.Kind == kind).Select(entry => (int?)entry.Value).FirstOrDefault();

    /// <summary>The payloads of a kind, as 32-bit words.</summary>
    public IEnumerable<uint[]> Words(KernelAttribute kind) =>
        _entries.Where(entry => entry.Kind == kind && entry.Payload.Length > 0).Select(entry => Words(entry.Payload.Span));

    /// <summary>The number that a kind gives to a symbol, or null: entries of two words, symbol and number.</summary>
    public uint? OfSymbol(KernelAttribute kind, int symbol) =>
        Words(kind).Where(words => words.Length >= 2 && words[0] == (uint)symbol).Select(words => (uint?)words[1]).FirstOrDefault();

    private static uint[] Words(ReadOnlySpan<byte> payload)
    {
        uint[] words = new uint[payload.Length / 4];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(payload[(4 * i)..]);
        return words;
    }
}

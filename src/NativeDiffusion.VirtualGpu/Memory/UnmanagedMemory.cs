namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>Fills and copies of ranges longer than a span can be.</summary>
internal readonly unsafe struct UnmanagedMemory(byte* bytes, ulong size)
{
    private const ulong Part = 1UL << 30;

    public void Fill(byte value)
    {
        for (ulong at = 0; at < size; at += Part) new Span<byte>(bytes + at, (int)Math.Min(Part, size - at)).Fill(value);
    }

    public void CopyFrom(byte* source) => Buffer.MemoryCopy(source, bytes, size, size);
}

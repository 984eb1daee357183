using NativeDiffusion.Cpu;

namespace NativeDiffusion.Testing;

/// <summary>
/// Native floats between two stretches of sentinels. Sentinels are NaNs: what reads beyond the buffer and uses it shows in the
/// result, what writes beyond it fails <see cref="AssertIntact"/>.
/// </summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    private const int Guard = 64;
    private const uint Sentinel = 0x7FC0ABCD;

    private readonly NativeBuffer _memory;

    /// <summary>A buffer whose own content is sentinels too: an element never written is found by its NaN.</summary>
    public GuardedBuffer(long count)
    {
        Count = checked((int)count);
        _memory = new NativeBuffer(count + (2 * Guard));
        _memory.Span(0, Count + (2 * Guard)).Fill(BitConverter.UInt32BitsToSingle(Sentinel));
    }

    /// <summary>Number of floats.</summary>
    public int Count { get; }

    /// <summary>First float.</summary>
    public float* Pointer => _memory.Pointer + Guard;

    /// <summary>The floats.</summary>
    public Span<float> Span => _memory.Span(Guard, Count);

    /// <summary>Numbers in [-√3, √3) times <paramref name="scale"/> plus <paramref name="offset"/>: variance scale², seeded.</summary>
    public static GuardedBuffer Random(int seed, long count, float scale = 1, float offset = 0)
    {
        var buffer = new GuardedBuffer(count);
        var random = new Random(seed);
        foreach (ref float value in buffer.Span)
            value = (float)((random.NextDouble() * 2 - 1) * Math.Sqrt(3) * scale) + offset;
        return buffer;
    }

    /// <summary>A copy of some numbers.</summary>
    public static GuardedBuffer Of(ReadOnlySpan<float> values)
    {
        var buffer = new GuardedBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>Fails if a sentinel around the buffer changed.</summary>
    public void AssertIntact()
    {
        Span<float> all = _memory.Span(0, Count + (2 * Guard));
        for (int i = 0; i < Guard; i++)
        {
            Assert.True(BitConverter.SingleToUInt32Bits(all[i]) == Sentinel, $"Something wrote {Guard - i} floats before the buffer.");
            Assert.True(BitConverter.SingleToUInt32Bits(all[Guard + Count + i]) == Sentinel, $"Something wrote {i + 1} floats after the buffer.");
        }
    }

    /// <summary>True where a float still is the sentinel, bit for bit.</summary>
    public static bool IsSentinel(float value) => BitConverter.SingleToUInt32Bits(value) == Sentinel;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}

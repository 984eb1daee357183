using System.Text;

namespace NativeDiffusion.Benchmarks.Onnx;

/// <summary>One protobuf message under construction: as much of the format as ONNX needs.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly MemoryStream _bytes = new();

    /// <summary>The message so far.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>An integer field.</summary>
    public ProtobufWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        Write((ulong)value);
        return this;
    }

    /// <summary>A float field.</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Tag(field, Fixed32);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    /// <summary>A bytes field.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Write((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A string field.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field that is a message.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter value) => Bytes(field, value._bytes.GetBuffer().AsSpan(0, (int)value._bytes.Length));

    private void Tag(int field, int kind) => Write((ulong)((field << 3) | kind));

    private void Write(ulong value)
    {
        for (; value >= 128; value >>= 7)
            _bytes.WriteByte((byte)(value | 128));
        _bytes.WriteByte((byte)value);
    }
}

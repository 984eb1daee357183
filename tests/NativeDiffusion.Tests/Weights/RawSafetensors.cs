using System.Buffers.Binary;
using System.Text;

namespace NativeDiffusion.Tests.Weights;

/// <summary>Bytes of a safetensors file whose header is written by hand, so that it can lie.</summary>
internal static class RawSafetensors
{
    /// <summary>A file of one tensor "a" of rank 1.</summary>
    public static byte[] One(string dtype, byte[] data, int count) =>
        Bytes($$$"""{"a":{"dtype":"{{{dtype}}}","shape":[{{{count}}}],"data_offsets":[0,{{{data.Length}}}]}}""", data);

    public static byte[] Bytes(string header, params ReadOnlySpan<byte> data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes.AsSpan(8 + json.Length));
        return bytes;
    }
}

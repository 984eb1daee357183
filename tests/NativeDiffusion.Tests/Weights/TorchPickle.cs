using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Tests.Weights;

/// <summary>Writes what torch.save writes for a dictionary of half-precision tensors, opcode by opcode.</summary>
internal sealed class TorchPickle
{
    private readonly MemoryStream _pickle = new();
    private readonly List<byte[]> _storages = [];

    /// <summary>The bytes of the pickle so far.</summary>
    public byte[] Pickle => _pickle.ToArray();

    public static byte[] Zip(IEnumerable<(string Name, TensorShape Shape, float[] Numbers)> tensors, CompressionLevel level, bool nested = true)
    {
        var writer = new TorchPickle();
        writer.Raw(0x80, 2);
        if (nested) writer.Raw((byte)'}').Text("state_dict");
        writer.Raw((byte)'}');
        foreach ((string name, TensorShape shape, float[] numbers) in tensors) writer.Text(name).Tensor(shape, numbers).Raw((byte)'s');
        if (nested) writer.Raw((byte)'s').Text("epoch").Raw((byte)'K', 3, (byte)'s');
        writer.Raw((byte)'.');
        return writer.ToZip(level);
    }

    public byte[] ToZip(CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(zip, "archive/data.pkl", Pickle, level);
            for (int i = 0; i < _storages.Count; i++) Entry(zip, $"archive/data/{i}", _storages[i], level);
            Entry(zip, "archive/version", "3\n"u8.ToArray(), level);
        }

        return file.ToArray();
    }

    public TorchPickle Raw(params ReadOnlySpan<byte> bytes)
    {
        _pickle.Write(bytes);
        return this;
    }

    public TorchPickle Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)'X';
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], utf8.Length);
        return Raw(head).Raw(utf8);
    }

    public TorchPickle Global(string module, string name) => Raw(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

    public TorchPickle Whole(int number)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)'J';
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], number);
        return Raw(head);
    }

    public TorchPickle Whole(params ReadOnlySpan<int> numbers)
    {
        Raw((byte)'(');
        foreach (int number in numbers) Whole(number);
        return Raw((byte)'t');
    }

    public TorchPickle Tensor(TensorShape shape, float[] numbers)
    {
        int[] strides = new int[shape.Rank];
        int step = 1;
        for (int i = shape.Rank - 1; i >= 0; i--) (strides[i], step) = (step, step * shape[i]);
        byte[] data = new byte[numbers.Length * 2];
        for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(i * 2), (Half)numbers[i]);
        _storages.Add(data);
        return View($"{_storages.Count - 1}", numbers.Length, 0, shape.Dimensions, strides);
    }

    public TorchPickle View(string storage, int count, int offset, ReadOnlySpan<int> size, ReadOnlySpan<int> strides)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(');
        Raw((byte)'(').Text("storage").Global("torch", "HalfStorage").Text(storage).Text("cpu").Whole(count).Raw((byte)'t', (byte)'Q');
        Whole(offset).Whole(size).Whole(strides).Raw(0x89);
        return Global("collections", "OrderedDict").Raw((byte)')', (byte)'R', (byte)'t', (byte)'R');
    }

    private static void Entry(ZipArchive zip, string name, byte[] bytes, CompressionLevel level)
    {
        using Stream stream = zip.CreateEntry(name, level).Open();
        stream.Write(bytes);
    }
}

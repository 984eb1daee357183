using System.IO.Compression;
using System.Text;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using NativeDiffusion.Weights.Pickle;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

/// <summary>Pickles and archives that ask for more than data, lie about their sizes, or want to take the machine down.</summary>
public sealed class HostilePickleTests
{
    [Theory]
    [InlineData("cos\nsystem\n(X\u0002\0\0\0idtR.", "os.system")]
    [InlineData("c__builtin__\neval\n(X\u0003\0\0\01+1tR.", "__builtin__.eval")]
    [InlineData("cbuiltins\ngetattr\n.", "builtins.getattr")]
    [InlineData("csubprocess\nPopen\n.", "subprocess.Popen")]
    [InlineData("ctorch\nload\n.", "torch.load")]
    [InlineData("ctorch.storage\n_load_from_bytes\n.", "torch.storage._load_from_bytes")]
    [InlineData("ctorch\nComplexFloatStorage\n.", "torch.ComplexFloatStorage")]
    [InlineData("(X\u0002\0\0\0idios\nsystem\n.", "os.system")]
    [InlineData("X\u0005\0\0\0posixX\u0006\0\0\0system\u0093)R.", "posix.system")]
    [InlineData("}X\u0001\0\0\0acnumpy\ncore\nasb.", "numpy.core")]
    [InlineData("cos.path\njoin\u001b[31m\n.", "os.path.join?[31m")]
    public void Load_AGlobalOutsideTheList_IsRefusedByName(string pickle, string name)
    {
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Load(pickle));
        Assert.Equal(
            $"x.ckpt: refuses the global {name}: a pickle is read for tensors and plain containers only, and nothing in it is executed.", exception.Message);
    }

    [Theory]
    [InlineData("", "the pickle is damaged near byte 0: it ends too early.")]
    [InlineData("}", "the pickle is damaged near byte 1: it ends too early.")]
    [InlineData(".", "the pickle is damaged near byte 1: a value is missing.")]
    [InlineData("t.", "the pickle is damaged near byte 1: a mark is missing.")]
    [InlineData("N(0.", "the pickle is damaged near byte 3: a value is missing.")]
    [InlineData("h\u0007.", "the pickle is damaged near byte 2: memo 7 is not set.")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffabc.", "the pickle is damaged near byte 5: it ends too early.")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffabc.", "the pickle is damaged near byte 9: it ends too early.")]
    [InlineData("\u0082\u0001.", "the pickle is damaged near byte 1: operation 0x82 is not known.")]
    [InlineData("Ifour\n.", "the pickle is damaged near byte 6: a number is not one.")]
    [InlineData("]NNs.", "the pickle is damaged near byte 4: entries are set on what is not a dictionary.")]
    [InlineData("N)R.", "the pickle calls an object that is not a global.")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "the pickle gives torch._utils._rebuild_tensor_v2 invalid arguments.")]
    [InlineData("X\u0001\0\0\0aQ.", "a persistent id in the pickle must name a storage with its class, key, location and length.")]
    [InlineData("]}b.", "the pickle sets the state of an object without state.")]
    public void Load_DamagedPickle_SaysWhere(string pickle, string sentence) =>
        Assert.Equal($"x.ckpt: {sentence}", Assert.Throws<CheckpointException>(() => Load(pickle)).Message);

    [Fact]
    public void Load_DeepNestingLaughsAndLoops_ComeToAnEnd()
    {
        // Lists in lists, a million deep; tuples of themselves, doubling thirty times; a list that holds itself.
        Load(new string(']', 1_000_000) + new string('a', 999_999) + ".");
        Load("]" + string.Concat(Enumerable.Repeat("2\u0086", 30)) + ".");
        Load("]q\0h\0a.");
        Assert.Contains(
            "more than 8000000 operations", Assert.Throws<CheckpointException>(() => Load(new string('N', 8_000_001))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new[] { 5 }, new[] { 1 }, "a tensor of shape [5] and strides [1] at 0 must lie within its storage '0' of 4 elements.")]
    [InlineData(3, new[] { 2 }, new[] { 1 }, "a tensor of shape [2] and strides [1] at 3 must lie within its storage '0' of 4 elements.")]
    [InlineData(
        0, new[] { 2, 2 }, new[] { 2147483647, 2147483647 },
        "a tensor of shape [2, 2] and strides [2147483647, 2147483647] at 0 must lie within its storage '0' of 4 elements.")]
    [InlineData(-1, new[] { 1 }, new[] { 1 }, "a tensor of shape [1] and strides [1] at -1 must lie within its storage '0' of 4 elements.")]
    [InlineData(
        0, new[] { 2147483647, 2147483647 }, new[] { 0, 0 },
        "a tensor of shape [2147483647, 2147483647] has 4611686014132420609 elements, but its storage '0' only 4.")]
    [InlineData(0, new[] { 2 }, new[] { -1 }, "the pickle gives torch._utils._rebuild_tensor_v2 invalid arguments.")]
    [InlineData(0, new[] { 2, 1 }, new[] { 1 }, "the pickle gives torch._utils._rebuild_tensor_v2 invalid arguments.")]
    public void Open_ViewOutsideItsStorage_IsRefused(int offset, int[] size, int[] strides, string sentence)
    {
        using var folder = new TemporaryFolder();
        TorchPickle pickle = new TorchPickle().Raw((byte)'}').Text(
            "a").Tensor(new TensorShape(4), [1, 2, 3, 4]).Raw((byte)'s').Text("b").View("0", 4, offset, size, strides).Raw((byte)'s', (byte)'.');
        string path = folder.Write("a.ckpt", pickle.ToZip());
        Assert.Equal($"{path}: {sentence}", Assert.Throws<CheckpointException>(() => WeightFile.Open(path)).Message);
    }

    [Fact]
    public void Open_StorageThatIsMissingOrTooShort_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.Write("a.ckpt", new TorchPickle().Raw((byte)'}').Text("a").View("7", 4, 0, [4], [1]).Raw((byte)'s', (byte)'.').ToZip());
        Assert.Equal($"{missing}: storage '7' is missing from the archive.", Assert.Throws<CheckpointException>(() => WeightFile.Open(missing)).Message);
        string escaping = folder.Write(
            "b.ckpt", new TorchPickle().Raw((byte)'}').Text("a").View("../../data.pkl", 4, 0, [4], [1]).Raw((byte)'s', (byte)'.').ToZip());
        Assert.Contains("is missing from the archive", Assert.Throws<CheckpointException>(() => WeightFile.Open(escaping)).Message, StringComparison.Ordinal);
        TorchPickle shorter = new TorchPickle().Raw(
            (byte)'}').Text("a").Tensor(new TensorShape(4), [1, 2, 3, 4]).Raw((byte)'s').Text("b").View("0", 400, 0, [4], [1]).Raw((byte)'s', (byte)'.');
        string lying = folder.Write("c.ckpt", shorter.ToZip());
        Assert.Equal(
            $"{lying}: storage '0' of 400 elements takes 800 bytes, but 8 are there.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(lying)).Message);
    }

    [Fact]
    public void Open_DamagedArchives_SayWhere()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = TorchPickle.Zip([("a", new TensorShape(4), [1, 2, 3, 4])], CompressionLevel.NoCompression);
        string cut = folder.Write("cut.ckpt", whole.AsSpan(0, whole.Length - 30));
        Assert.Equal(
            $"{cut}: the zip archive is damaged: it has no directory at its end; the file is truncated.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(cut)).Message);
        string front = folder.Write("front.ckpt", [.. "PK"u8, .. whole.AsSpan(100)]);
        Assert.Contains("the zip archive is damaged", Assert.Throws<CheckpointException>(() => WeightFile.Open(front)).Message, StringComparison.Ordinal);
        string other = folder.Write("other.ckpt", ZipOf("readme.txt", "hello"u8));
        Assert.Equal(
            $"{other}: a PyTorch archive must hold data.pkl, but this zip archive has no such entry.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(other)).Message);
        string single = folder.Write("single.ckpt", ZipOf("archive/data.pkl", "K\u0005."u8));
        Assert.Equal(
            $"{single}: a PyTorch checkpoint must hold a dictionary of tensors, found a plain value.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(single)).Message);
        string gguf = folder.Write("a.gguf", "GGUF\u0003\0\0\0"u8);
        Assert.Equal(
            $"{gguf}: is a GGUF file; expected safetensors or a PyTorch checkpoint. Convert it, or use the original.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(gguf)).Message);
    }

    [Fact]
    public void Open_ZipBomb_IsRefusedWithoutUnpacking()
    {
        using var folder = new TemporaryFolder();
        byte[] packed = ZipOf("archive/data.pkl", new byte[(1 << 26) + 1], CompressionLevel.Fastest);
        string path = folder.Write("bomb.ckpt", packed);
        Assert.Equal(
            $"{path}: 'archive/data.pkl' must have at most 67108864 bytes, found 67108865.", Assert.Throws<CheckpointException>(
            () => WeightFile.Open(path)).Message);
    }

    private static object? Load(string pickle) => new PickleReader("x.ckpt", Encoding.Latin1.GetBytes(pickle)).Load();

    private static byte[] ZipOf(string name, ReadOnlySpan<byte> bytes, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream stream = zip.CreateEntry(name, level).Open();
            stream.Write(bytes);
        }

        return file.ToArray();
    }
}

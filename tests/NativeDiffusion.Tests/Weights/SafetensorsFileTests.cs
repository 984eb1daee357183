using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

public sealed class SafetensorsFileTests
{
    [Theory]
    [InlineData("F64", "000000000000F83F 00000000000000C0", new[] { 1.5f, -2f })]
    [InlineData("F32", "0000C03F 000000C0", new[] { 1.5f, -2f })]
    [InlineData("F16", "003E 00C0", new[] { 1.5f, -2f })]
    [InlineData("BF16", "C03F 00C0", new[] { 1.5f, -2f })]
    [InlineData("F8_E4M3", "3C C0 7E 01 FF 80", new[] { 1.5f, -2f, 448f, 0.001953125f, float.NaN, -0f })]
    [InlineData("F8_E5M2", "3E C0 7B 01 7C FF", new[] { 1.5f, -2f, 57344f, 1.52587890625E-05f, float.PositiveInfinity, float.NaN })]
    [InlineData("I64", "0300000000000000 FEFFFFFFFFFFFFFF", new[] { 3f, -2f })]
    [InlineData("I32", "03000000 FEFFFFFF", new[] { 3f, -2f })]
    [InlineData("I16", "0300 FEFF", new[] { 3f, -2f })]
    [InlineData("I8", "03 FE", new[] { 3f, -2f })]
    [InlineData("U8", "03 FE", new[] { 3f, 254f })]
    [InlineData("BOOL", "00 01", new[] { 0f, 1f })]
    public void Read_EveryDType_GivesItsNumbers(string dtype, string hex, float[] expected)
    {
        using var folder = new TemporaryFolder();
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        string path = folder.Write("a.safetensors", RawSafetensors.One(dtype, data, expected.Length));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] single = new float[expected.Length];
        double[] wide = new double[expected.Length];
        file.Read("a", single);
        file.ReadFloat64("a", wide);
        Assert.Equal(expected, single);
        Assert.Equal(expected.Select(value => (double)value), wide);
        long[] whole = new long[expected.Length];
        if (dtype[0] is 'F' || dtype == "BF16") Assert.Throws<CheckpointException>(() => file.ReadInt64("a", whole));
        else
        {
            file.ReadInt64("a", whole);
            Assert.Equal(expected.Select(value => (long)value), whole);
        }
    }

    [Fact]
    public void Read_BFloat16OfEveryCode_EqualsTheUpperHalf()
    {
        using var folder = new TemporaryFolder();
        byte[] data = new byte[65536 * 2];
        for (int i = 0; i < 65536; i++) BitConverter.TryWriteBytes(data.AsSpan(i * 2), (ushort)i);
        using SafetensorsFile file = SafetensorsFile.Open(folder.Write("a.safetensors", RawSafetensors.Bytes("""{"a":{"dtype":"BF16","shape":[65536],"data_offsets":[0,131072]}}""", data)));
        float[] numbers = new float[65536];
        file.Read("a", numbers);
        for (int i = 0; i < 65536; i++) Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(numbers[i]));
    }

    [Fact]
    public void Read_Scalar_HasRankZero()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile file = SafetensorsFile.Open(folder.Write("a.safetensors", RawSafetensors.Bytes("""{"alpha":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"__metadata__":{"format":"pt"}}  """, 0, 0, 0, 64)));
        Assert.True(file.TryGet("alpha", out TensorShape shape, out DType dtype));
        Assert.Equal((0, 1L, DType.Float32), (shape.Rank, shape.Count, dtype));
        float[] alpha = new float[1];
        file.Read("alpha", alpha);
        Assert.Equal(2, alpha[0]);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void Read_EmptyTensorAndEmptyFile_AreValid()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile none = SafetensorsFile.Open(folder.Write("a.safetensors", RawSafetensors.Bytes("{}")));
        Assert.Empty(none.Names);
        using SafetensorsFile empty = SafetensorsFile.Open(folder.Write("b.safetensors", RawSafetensors.Bytes("""{"a":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}}""")));
        empty.Read("a", []);
        Assert.Equal(["a"], empty.Names);
    }

    [Theory]
    [InlineData("""[1]""", "the header must be a JSON object, but begins with a list.")]
    [InlineData("""{"a":3}""", "tensor 'a': must be an object with dtype, shape and data_offsets, found a number.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "tensor 'a': needs dtype, shape and data_offsets, found no data_offsets.")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", "tensor 'a': dtype must be one of F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U8, BOOL, found 'F31'.")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", "tensor 'a': dtype must be a string, found a number.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "tensor 'a': shape must be a list of whole numbers, zero or more, found 1.5.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "tensor 'a': shape must be a list of whole numbers, zero or more, found -1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "tensor 'a': data_offsets must not run backwards, found [4, 0].")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "tensor 'a': data_offsets must be two numbers, found 3.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "tensor 'a': data_offsets must lie within the 8 bytes of data, found [0, 16]; the file is truncated or damaged.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "tensor 'a': F32 of shape [3] takes 12 bytes, found data_offsets [0, 8], which are 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2],"data_offsets":[0,8]}}""", "tensor 'a': F32 of shape [2147483647, 2147483647, 2147483647, 2] takes 9223372036854775807 bytes, found data_offsets [0, 8], which are 8.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,8]}}""", "tensor 'a': extents must be below 2147483647, found shape [4611686018427387904, 2].")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "tensor 'b': data must not overlap another tensor's, found it begins at 2, inside 'a' ([0, 4]).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "the header holds the key 'a' twice.")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the header holds the key 'a.dtype' twice.")]
    [InlineData("""{"__metadata__":{"x":1}}""", "__metadata__ entry 'x' must be a string, found a number.")]
    [InlineData("""{"__metadata__":[]}""", "__metadata__ must be an object of strings, found a list.")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", "the header holds the key '__metadata__.x' twice.")]
    [InlineData("""{} {}""", "the header is not valid JSON: '{' is invalid after a single JSON value. Expected end of data. LineNumber: 0 | BytePositionInLine: 3.")]
    public void Open_LyingHeader_SaysWhatIsWrong(string header, string sentence)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.safetensors", RawSafetensors.Bytes(header, 0, 0, 0, 0, 0, 0, 0, 0));
        CheckpointException exception = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path));
        Assert.Equal($"{path}: {sentence}", exception.Message);
        Assert.Equal(path, exception.File);
    }

    [Theory]
    [InlineData("", "a safetensors file begins with an 8-byte header length, but the file has 0 bytes.")]
    [InlineData("01020304", "a safetensors file begins with an 8-byte header length, but the file has 4 bytes.")]
    [InlineData("0300000000000000 7B", "the header claims 3 bytes, but only 1 follow it; the file is truncated or not a safetensors file.")]
    [InlineData(
        "FFFFFFFFFFFFFFFF 7B7D", "the header claims 18446744073709551615 bytes, but only 2 follow it; the file is truncated or not a safetensors file.")]
    public void Open_TruncatedFile_SaysWhatIsWrong(string hex, string sentence)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.safetensors", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal($"{path}: {sentence}", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("none.safetensors");
        Assert.Equal($"{path}: cannot be opened: the file does not exist", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void Read_UnknownNameOrWrongLength_SaysSo()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Repository.TinyModel, "vae", "diffusion_pytorch_model.safetensors"));
        Assert.EndsWith(
            "tensor 'nothing' does not exist.", Assert.Throws<CheckpointException>(() => file.Read("nothing", new float[1])).Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "tensor 'quant_conv.bias' of shape [8] holds 8 numbers, but 9 were requested.", Assert.Throws<CheckpointException>(
            () => file.Read("quant_conv.bias", new float[9])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileCutAfterOpening_SaysSoInsteadOfCrashing()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = RawSafetensors.Bytes("""{"a":{"dtype":"U8","shape":[100000],"data_offsets":[0,100000]}}""", new byte[100000]);
        using SafetensorsFile file = SafetensorsFile.Open(folder.Write("a.safetensors", bytes));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let a mapped file be cut.");
        using (var handle = new FileStream(file.Description, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) handle.SetLength(1000);
        Assert.Contains("has become shorter", Assert.Throws<CheckpointException>(() => file.Read("a", new float[100000])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FromManyThreads_GivesTheSameNumbers()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Repository.TinyModel, "vae", "diffusion_pytorch_model.safetensors"));
        (string Name, double Sum)[] Sums(bool parallel) =>
            [.. (parallel ? file.Names.AsParallel().AsOrdered().Select(Sum) : file.Names.Select(Sum))];
        (string Name, double Sum) Sum(string name)
        {
            file.TryGet(name, out TensorShape shape, out _);
            float[] numbers = new float[shape.Count];
            file.Read(name, numbers);
            return (name, numbers.Sum(number => (double)number));
        }

        Assert.Equal(Sums(parallel: false), Sums(parallel: true));
    }
}

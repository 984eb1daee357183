using System.IO.Compression;
using System.Text;
using NativeDiffusion.Checkpoints;
using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Checkpoints;

public sealed class TextualInversionFileTests
{
    private const string Json = """{"string_to_token": {"*": 265}, "string_to_param": {"*": {"TORCHTENSOR": [[1.5, -2, 3], [4, 5, 6e-1]]}}, "name": "fog", "step": 10}""";
    private static readonly float[] s_vectors = [1.5f, -2, 3, 4, 5, 0.6f];

    [Theory]
    [InlineData("embedding.pt", 2, "fog")]
    [InlineData("embedding-parameters.pt", 2, "fog")]
    [InlineData("embedding-list.pt", 2, "<fog>")]
    [InlineData("learned_embeds.bin", 1, "<fog>")]
    public void Open_FilesOfTorch_GivesTheirVectors(string name, int count, string word)
    {
        string path = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "Weights", "TorchFiles", name);
        TextualInversionFile file = TextualInversionFile.Open(path, 768);
        Assert.Equal(new TensorShape(count, 768), file.Vectors.Shape);
        Assert.Equal(Enumerable.Range(count == 1 ? 768 : 0, 768 * count).Select(i => (float)(Half)i), file.Vectors.Data.Select(value => (float)(Half)value));
        Assert.Equal((word, Path.GetFileNameWithoutExtension(name)), (file.StoredName, file.Name));
    }

    [Theory]
    [InlineData("emb_params", null)]
    [InlineData("<fog>", "<fog>")]
    [InlineData("clip_l", null)]
    public void Open_Safetensors_GivesItsVectors(string key, string? word)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("mist.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add(key, DType.Float32, new TensorShape(2, 3), span => s_vectors.CopyTo(span));
        if (key == "clip_l") writer.Add("clip_g", DType.Float32, new TensorShape(2, 5), span => span.Clear());
        writer.Save(path);
        TextualInversionFile file = TextualInversionFile.Open(path, 3);
        Assert.Equal(s_vectors, file.Vectors.Data);
        Assert.Equal((word, "mist"), (file.StoredName, file.Name));
    }

    [Fact]
    public void Open_PngWithText_GivesItsVectors()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fog.png");
        Picture(8, 8).SavePng(path, [new PngText("sd-ti-embedding", Convert.ToBase64String(Encoding.UTF8.GetBytes(Json)))]);
        TextualInversionFile file = TextualInversionFile.Open(path, 3);
        Assert.Equal(s_vectors, file.Vectors.Data);
        Assert.Equal("fog", file.StoredName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Open_PngWithStrips_GivesItsVectors(int border)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("fog.png");
        WithStrips(Picture(16, 16), border).SavePng(path);
        Assert.Equal(s_vectors, TextualInversionFile.Open(path, 3).Vectors.Data);
    }

    [Fact]
    public void Open_WrongWidth_NamesTheModel()
    {
        string path = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "Weights", "TorchFiles", "embedding.pt");
        Assert.Equal(
            $"{path}: the vectors must be 1024 wide for this model's text encoder, but are 768; the embedding was made for Stable Diffusion 1.x.",
            Assert.Throws<CheckpointException>(() => TextualInversionFile.Open(path, 1024)).Message);
    }

    [Fact]
    public void Open_NoEmbedding_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string picture = folder.File("a.png");
        Picture(8, 8).SavePng(picture);
        Assert.Contains(
            "neither the text sd-ti-embedding nor strips of data", Assert.Throws<CheckpointException>(
            () => TextualInversionFile.Open(picture)).Message, StringComparison.Ordinal);
        string broken = folder.File("b.png");
        Picture(8, 8).SavePng(broken, [new PngText("sd-ti-embedding", "!!!")]);
        Assert.Throws<CheckpointException>(() => TextualInversionFile.Open(broken));
        string vae = Path.Combine(Repository.TinyModel, "vae", "diffusion_pytorch_model.safetensors");
        Assert.Contains("must hold one embedding", Assert.Throws<CheckpointException>(() => TextualInversionFile.Open(vae)).Message, StringComparison.Ordinal);
    }

    // A picture all of whose samples are neither black nor have an empty low half.
    private static RgbImage Picture(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(0x21 + (i % 13 * 16)))]);

    // As A1111 lays it out: low halves of the bytes, a black column, the picture, a black column, high halves; data repeats to fill its strip.
    private static RgbImage WithStrips(RgbImage picture, int border)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(Encoding.UTF8.GetBytes(Json));
        byte[] data = packed.ToArray();
        int columns = ((data.Length - 1) / (picture.Height * 3)) + 1;
        byte[] all = [.. Enumerable.Range(0, columns * picture.Height * 3).Select(i => data[i % data.Length])];
        byte[] Strip(Func<byte, int> half)
        {
            byte[] nibbles = [.. all.Select(value => (byte)half(value))];
            EmbeddingPicture.Mask(nibbles);
            return [.. nibbles.Select(nibble => (byte)(nibble | 0xA0))];
        }

        (byte[] low, byte[] high) = (Strip(value => value & 15), Strip(value => value >> 4));
        int width = picture.Width + (2 * columns) + 2 + (2 * border);
        int height = picture.Height + (2 * border);
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < picture.Height; y++)
        {
            Span<byte> row = pixels.AsSpan((((y + border) * width) + border) * 3);
            low.AsSpan(y * columns * 3, columns * 3).CopyTo(row);
            picture.Pixels.Slice(y * picture.Width * 3, picture.Width * 3).CopyTo(row[((columns + 1) * 3)..]);
            high.AsSpan(y * columns * 3, columns * 3).CopyTo(row[((columns + 2 + picture.Width) * 3)..]);
        }

        return new RgbImage(width, height, pixels);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NativeDiffusion.Checkpoints;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Tests.Checkpoints;
using NativeDiffusion.Weights;
using NativeDiffusion.Weights.Pickle;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

/// <summary>Tens of thousands of damaged files: whatever is in them, the answer is a result or one CheckpointException, soon.</summary>
public sealed class FuzzTests
{
    private static readonly string s_torchFiles = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "Weights", "TorchFiles");

    [Fact]
    public void SafetensorsHeaders_Damaged_NeverCrash()
    {
        byte[] file = RealHeader();
        int length = BinaryPrimitives.ReadInt32LittleEndian(file);
        int accepted = Run(20_000, seed: 1, random => Mutation.Of(file, random, 8, 8 + length), bytes =>
        {
            if (bytes.Length < 8) return;
            int header = SafetensorsHeader.CheckLength("x", BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes.Length);
            SafetensorsHeader parsed = SafetensorsHeader.Parse("x", bytes.AsSpan(8, header), bytes.Length);

            // What is accepted can be read: every tensor lies in the file.
            foreach (StoredTensor tensor in parsed.Tensors.Values)
            {
                Assert.InRange(tensor.Offset, 8 + header, bytes.Length);
                Assert.InRange(tensor.ByteCount, 0, bytes.Length - tensor.Offset);
            }
        });
        Assert.InRange(accepted, 1, 19_000);
    }

    [Fact]
    public void Pickles_Damaged_NeverCrash()
    {
        byte[][] originals = [.. ((string[])["zip.pt", "nested.ckpt", "protocol4.pt", "embedding-parameters.pt", "embedding-list.pt"]).Select(PickleOf)];
        int accepted = Run(20_000, seed: 2, random => Mutate(originals, random), bytes => new PickleReader("x", bytes).Load());
        Assert.InRange(accepted, 1, 19_000);
    }

    [Fact]
    public void RandomOpcodes_NeverCrash()
    {
        byte[] opcodes = Encoding.Latin1.GetBytes(
            "(.0123]}NIJKMLFGSTUVXBC)tlaedusbRQcipqrghj\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008A\u008C\u0093\u0094\u008E\u0096\u008F\u0090\u0091");
        Run(20_000, seed: 3, random =>
            [.. Enumerable.Range(0, 4 + random.Next(60)).Select(_ => random.Next(3) == 0 ? (byte)random.Next(256) : opcodes[random.Next(opcodes.Length)]),
            (byte)'.'], bytes => new PickleReader("x", bytes).Load());
    }

    [Theory]
    [InlineData("zip.pt")]
    [InlineData("legacy.pt")]
    [InlineData("nested-legacy.ckpt")]
    [InlineData("learned_embeds.bin")]
    [InlineData("deflated")]
    public void TorchFiles_Damaged_NeverCrash(string name)
    {
        byte[] original = name == "deflated"
            ? TorchPickle.Zip([("a", new TensorShape(2, 3), [1, 2, 3, 4, 5, 6]), ("b", new TensorShape(4), [1, 2, 3, 4])], CompressionLevel.Optimal)
            : File.ReadAllBytes(Path.Combine(s_torchFiles, name));
        using var folder = new TemporaryFolder();
        string path = folder.File("a.pt");
        Run(1_500, seed: name.Length, random => Mutation.Of(original, random, 0, original.Length), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            using IWeightFile file = WeightFile.Open(path);
            ReadAll(file);
        });
    }

    [Fact]
    public void SafetensorsFiles_Damaged_NeverCrash()
    {
        byte[] original = File.ReadAllBytes(Path.Combine(Repository.Goldens, "unet-inpaint.safetensors")).AsSpan(0, 40_000).ToArray();
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        Run(1_500, seed: 5, random => Mutation.Of(original, random, 0, 4_000), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            ReadAll(file);
        });
    }

    [Fact]
    public void Configurations_Damaged_NeverCrash()
    {
        byte[] unet = File.ReadAllBytes(Path.Combine(Repository.TinyModel, "unet", "config.json"));
        byte[] vae = File.ReadAllBytes(Path.Combine(Repository.TinyModel, "vae", "config.json"));
        byte[] text = File.ReadAllBytes(Path.Combine(Repository.TinyModel, "text_encoder", "config.json"));
        Run(3_000, seed: 6, random => Mutation.Of(unet, random, 0, unet.Length), bytes => UNet2DConditionConfig.Parse(LenientJson.Parse(bytes, "x"), "x"));
        Run(3_000, seed: 7, random => Mutation.Of(vae, random, 0, vae.Length), bytes => AutoencoderKLConfig.Parse(LenientJson.Parse(bytes, "x"), "x"));
        Run(3_000, seed: 8, random => Mutation.Of(text, random, 0, text.Length), bytes => ClipTextConfig.Parse(LenientJson.Parse(bytes, "x"), "x"));
    }

    [Fact]
    public void Yaml_Damaged_NeverCrashes()
    {
        byte[] yaml = File.ReadAllBytes(Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.yaml"));
        Run(6_000, seed: 9, random => Mutation.Of(yaml, random, 0, yaml.Length), bytes =>
        {
            LdmYaml parsed = LdmYaml.Parse(Encoding.UTF8.GetString(bytes), "x");
            parsed.Whole("model.params.unet_config.params.model_channels");
            parsed.Number("model.params.linear_start");
        });
    }

    [Fact]
    public void SingleFiles_WithTensorsRenamedOrReshaped_NeverCrash()
    {
        // The names of a whole model over few bytes: opened again and again with some of them changed.
        (string Ldm, TensorShape Shape)[] names = [.. TinySingleFile.Names().Select(item => (item.Ldm, item.Shape))];
        LdmYaml yaml = LdmYaml.Read(Path.Combine(Repository.Goldens, "checkpoints", "tiny-landscapes.yaml"));
        Run(400, seed: 10, random => [.. Enumerable.Range(0, 6).Select(_ => (byte)random.Next(256))], bytes =>
        {
            var random = new Random(BitConverter.ToInt32(bytes));
            var source = new NamesOnly(names.Where(_ => random.Next(300) != 0).Select(item => random.Next(100) switch
            {
                0 => (Mutated(item.Ldm, random), item.Shape),
                1 =>
                    (item.Ldm, new TensorShape(
                    [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(3) == 0 ? random.Next(1 << 15) : random.Next(3))])),
                _ => item,
            }));
            IWeightSource unet = ComponentNames.UNet(source, ComponentNames.UNetPrefix);
            IWeightSource vae = ComponentNames.Vae(source, ComponentNames.VaePrefix);
            IWeightSource text = ComponentNames.Text(source, ComponentNames.TextPrefix);
            _ = new CheckpointComponent("unet", unet, ExpectedWeights.Of(SingleFileConfigs.UNet(unet, yaml)));
            _ = new CheckpointComponent("vae", vae, ExpectedWeights.Of(SingleFileConfigs.Vae(vae, yaml, new AutoencoderKLConfig())));
            _ = new CheckpointComponent("text_encoder", text, ExpectedWeights.Of(SingleFileConfigs.Text(text, yaml)));
        });
    }

    private static int Run(int cases, int seed, Func<Random, byte[]> make, Action<byte[]> open)
    {
        int accepted = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] bytes = make(new Random((seed * 1_000_003) + i));
            try
            {
                open(bytes);
                accepted++;
            }
            catch (CheckpointException exception)
            {
                if (string.IsNullOrWhiteSpace(exception.Message) || exception.Message.Contains('\n', StringComparison.Ordinal)) Assert.Fail(
                    $"Case {i} of seed {seed} has no sentence: {exception}");
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"Case {i} of seed {seed} ends in {exception}");
            }
        }

        return accepted;
    }

    private static void ReadAll(IWeightFile file)
    {
        foreach (string name in file.Names)
        {
            Assert.True(file.TryGet(name, out TensorShape shape, out _));
            if (shape.Count < 1 << 20) file.Read(name, new float[shape.Count]);
        }
    }

    private static byte[] Mutate(byte[][] originals, Random random)
    {
        byte[] original = originals[random.Next(originals.Length)];
        return Mutation.Of(original, random, 0, original.Length);
    }

    private static string Mutated(string name, Random random) => Encoding.UTF8.GetString(Mutation.Of(Encoding.UTF8.GetBytes(name), random, 0, name.Length));

    private static byte[] PickleOf(string name)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(s_torchFiles, name));
        using Stream stream = zip.Entries.Single(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // Six tensors of a real file, so that most damage falls on something that matters.
    private static byte[] RealHeader()
    {
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt", ["note"] = "é\"\\" } };
        foreach (DType dtype in (DType[])[DType.Float16, DType.Float32, DType.BFloat16, DType.Float64]) writer.Add(
            $"down_blocks.0.{dtype}", dtype, new TensorShape(3, 2, 1), span => span.Fill(1));
        writer.AddBytes("scalar", DType.Int64, new TensorShape(), new byte[8]);
        writer.AddBytes("flags", DType.Bool, new TensorShape(5), new byte[5]);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }
}
